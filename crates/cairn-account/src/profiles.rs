//! Profiles: one's own, those of others, handles, search and pictures.

use cairn_core::personas::{self, PictureKind, ProfilePatch};
use cairn_faults::{Error, Fault};
use cairn_http::params::ParamMap;
use cairn_http::rules::{Patch, Rule, integer, text, uid};
use cairn_http::spec::{FromParams, ParamSpec};
use cairn_http::{Answer, Call, Reply, Route, handler, params};
use cairn_model::ids::UserId;
use serde_json::{Map, Value, json};

use crate::SESSION;
use crate::models::{AVAILABLE, FOUND_USERS, OWN_PROFILE, PERMISSION_NAMES, PICTURE, PUBLIC_PROFILE};
use crate::rules::{bio, display_name, handle};
use crate::wire::{object, ok, own_profile, picture_url, public_profile};

/// Hits of a page of a search at most.
const PAGE_SIZE_MAX: i64 = 20;
/// Pages of a search at most.
const PAGE_MAX: i64 = 10_000;

/// The routes of this capability.
pub const ROUTES: &[Route] = &[
    Route::get("/v0/user/me", "user.get", handler!(get_own))
        .ok(&OWN_PROFILE)
        .scopes(SESSION)
        .before_factors(),
    Route::get("/v0/user/me/permissions", "user.listPermissions", handler!(own_permissions))
        .ok(&PERMISSION_NAMES)
        .scopes(SESSION)
        .before_factors(),
    Route::patch("/v0/user/me", "user.update", handler!(update_own))
        .ok(&OWN_PROFILE)
        .scopes(SESSION)
        .before_factors()
        .faults(&[Fault::HandleAlreadyExists]),
    Route::post("/v0/user/me/profile-image", "user.setProfileImage", handler!(set_profile_image))
        .created(&PICTURE)
        .scopes(SESSION)
        .before_factors()
        .faults(&[Fault::UploadTypeUnsupported, Fault::UploadUnreadable, Fault::UploadFailed]),
    Route::delete("/v0/user/me/profile-image", "user.deleteProfileImage", handler!(delete_profile_image))
        .nothing()
        .scopes(SESSION)
        .before_factors(),
    Route::post("/v0/user/me/banner-image", "user.setBannerImage", handler!(set_banner_image))
        .created(&PICTURE)
        .scopes(SESSION)
        .before_factors()
        .faults(&[Fault::UploadTypeUnsupported, Fault::UploadUnreadable, Fault::UploadFailed]),
    Route::delete("/v0/user/me/banner-image", "user.deleteBannerImage", handler!(delete_banner_image))
        .nothing()
        .scopes(SESSION)
        .before_factors(),
    Route::get("/v0/pictures/{name}", "pictures.get", handler!(get_picture))
        .bytes()
        .faults(&[Fault::UploadNotFound]),
    Route::get("/v0/users/profile", "users.getByHandle", handler!(get_by_handle))
        .ok(&PUBLIC_PROFILE)
        .faults(&[Fault::UserNotFound]),
    Route::get("/v0/users/profile/id", "users.getById", handler!(get_by_id))
        .ok(&PUBLIC_PROFILE)
        .faults(&[Fault::UserNotFound]),
    Route::get("/v0/users/handle/{handle}/available", "users.isHandleAvailable", handler!(is_available))
        .ok(&AVAILABLE),
    Route::get("/v0/search/users", "search.users", handler!(search_users)).ok(&FOUND_USERS),
];

params! {
    /// Change one's own profile.
    struct UpdateOwn {
        /// Another handle.
        handle: Option<String> = "handle" => handle().optional(),
        /// Another name.
        display_name: Option<String> = "display_name" => display_name().optional(),
        /// A few words; null clears them.
        bio: Patch<String> = "bio" => bio().nullable().optional(),
    }
}

params! {
    /// Somebody's handle.
    struct ByHandle {
        /// The handle, to the letter.
        handle: String = "handle" => text(1, 64),
    }
}

params! {
    /// Somebody's id.
    struct ById {
        /// The user's id.
        user_id: String = "user_id" => uid(),
    }
}

params! {
    /// A handle that one would like to have.
    struct Wished {
        /// The handle.
        handle: String = "handle" => handle(),
    }
}

params! {
    /// Look for users.
    struct SearchUsers {
        /// Words that must all occur in handle, name or biography; everybody without any.
        query: Option<String> = "query" => text(1, 100).optional(),
        /// The page, from 1 on.
        page: i64 = "page" => integer(1, PAGE_MAX),
        /// Hits of a page.
        page_size: i64 = "page_size" => integer(1, PAGE_SIZE_MAX),
    }
}

params! {
    /// A picture.
    struct OnePicture {
        /// The name of its file.
        name: String = "name" => text(1, 64),
    }
}

/// The part `file` of a multipart body.
struct Upload(Vec<u8>);

impl FromParams for Upload {
    fn from_params(map: &ParamMap) -> Result<Self, Error> {
        match map.file("file") {
            Some(file) => Ok(Self(file.bytes.to_vec())),
            // Sent as a field and not as a file: nothing was uploaded.
            None if map.is_set("file") => Err(Fault::UploadFailed.error()),
            None => Err(Fault::GeneralBadRequest.with("reason", "the part `file` is missing")),
        }
    }

    fn specs() -> Vec<ParamSpec> {
        vec![ParamSpec::new("file", &["The picture: PNG, JPEG, GIF or WebP."], &text(1, usize::MAX))]
    }
}

async fn get_own(call: Call<()>) -> Reply {
    Ok(Answer::ok("profile", own_profile(&personas::own(&call.cx).await?)))
}

async fn own_permissions(call: Call<()>) -> Reply {
    Ok(ok(json!({ "permissions": personas::permissions(&call.cx).await? })))
}

async fn update_own(call: Call<UpdateOwn>) -> Reply {
    let UpdateOwn { handle, display_name, bio } = call.params;
    let patch = ProfilePatch { handle, display_name, bio: bio.change() };
    Ok(Answer::ok("profile", own_profile(&personas::update(&call.cx, patch).await?)))
}

async fn set_profile_image(call: Call<Upload>) -> Reply {
    set_picture(call, PictureKind::Profile).await
}

async fn set_banner_image(call: Call<Upload>) -> Reply {
    set_picture(call, PictureKind::Banner).await
}

async fn set_picture(call: Call<Upload>, kind: PictureKind) -> Reply {
    let name = personas::set_picture(&call.cx, kind, call.params.0).await?;
    Ok(Answer::created("picture", object(json!({ "image_url": picture_url(&name) }))))
}

async fn delete_profile_image(call: Call<()>) -> Reply {
    personas::delete_picture(&call.cx, PictureKind::Profile).await?;
    Ok(Answer::no_content())
}

async fn delete_banner_image(call: Call<()>) -> Reply {
    personas::delete_picture(&call.cx, PictureKind::Banner).await?;
    Ok(Answer::no_content())
}

async fn get_picture(call: Call<OnePicture>) -> Reply {
    let picture = personas::picture(&call.cx, call.params.name).await?;
    let media_type = ["image/png", "image/jpeg", "image/gif", "image/webp"]
        .into_iter()
        .find(|known| *known == picture.media_type)
        .unwrap_or("application/octet-stream");
    // A picture never changes under its name.
    Ok(Answer::raw(media_type, picture.bytes).header("cache-control", "public, max-age=31536000, immutable"))
}

async fn get_by_handle(call: Call<ByHandle>) -> Reply {
    let face = personas::by_handle(&call.cx, call.params.handle).await?;
    Ok(Answer::ok("profile", public_profile(&face)))
}

async fn get_by_id(call: Call<ById>) -> Reply {
    let face = personas::by_id(&call.cx, UserId::from(call.params.user_id)).await?;
    Ok(Answer::ok("profile", public_profile(&face)))
}

async fn is_available(call: Call<Wished>) -> Reply {
    let is_available = personas::is_handle_available(&call.cx, call.params.handle).await?;
    Ok(ok(json!({ "available": is_available })))
}

async fn search_users(call: Call<SearchUsers>) -> Reply {
    let SearchUsers { query, page, page_size } = call.params;
    let words = query.unwrap_or_default();
    let (faces, total) = personas::search(&call.cx, words, page, page_size).await?;
    let users: Vec<Value> = faces.iter().map(|face| Value::Object(hit(public_profile(face)))).collect();
    Ok(ok(json!({
        "users": users,
        "page": page,
        "page_size": page_size,
        "total_hits": total,
        "total_pages": (total + page_size - 1) / page_size,
    })))
}

/// What a search shows of a profile.
fn hit(mut profile: Map<String, Value>) -> Map<String, Value> {
    profile
        .retain(|name, _| ["id", "handle", "display_name", "bio", "profile_image"].contains(&name.as_str()));
    profile
}

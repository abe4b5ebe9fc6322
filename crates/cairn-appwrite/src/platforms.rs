//! Platforms of a project: `/v1/project/platforms` and, for all kinds at once, `/v1/projects/{projectId}/platforms`.

use cairn_core::platforms::{self, NewPlatform, PlatformPatch};
use cairn_core::projects;
use cairn_faults::{Error, Fault};
use cairn_http::rules::{IdChoice, Rule as _, choices, custom_id, hostname, text, uid};
use cairn_http::{Answer, Call, Reply, Route, handler, params};
use cairn_model::platforms::{Platform, PlatformKind};
use serde_json::{Map, Value, json};

use crate::models::PLATFORM;
use crate::wire::{ListParams, OrEmpty, object, paged};

const READ: &[&str] = &["platforms.read"];
const WRITE: &[&str] = &["platforms.write"];
const MADE: &[Fault] = &[Fault::PlatformAlreadyExists];
const CHANGED: &[Fault] = &[Fault::PlatformNotFound, Fault::PlatformMethodUnsupported];

/// The routes of this capability.
pub const ROUTES: &[Route] = &[
    Route::post("/v1/project/platforms/web", "project.createWebPlatform", handler!(create_web_platform))
        .created(&PLATFORM)
        .aliases(&["/v1/projects/{projectId}/platforms"])
        .also(&["projects.createPlatform"])
        .scopes(WRITE)
        .faults(MADE),
    Route::post(
        "/v1/project/platforms/apple",
        "project.createApplePlatform",
        handler!(create_apple_platform),
    )
    .created(&PLATFORM)
    .scopes(WRITE)
    .faults(MADE),
    Route::post(
        "/v1/project/platforms/android",
        "project.createAndroidPlatform",
        handler!(create_android_platform),
    )
    .created(&PLATFORM)
    .scopes(WRITE)
    .faults(MADE),
    Route::post(
        "/v1/project/platforms/windows",
        "project.createWindowsPlatform",
        handler!(create_windows_platform),
    )
    .created(&PLATFORM)
    .scopes(WRITE)
    .faults(MADE),
    Route::post(
        "/v1/project/platforms/linux",
        "project.createLinuxPlatform",
        handler!(create_linux_platform),
    )
    .created(&PLATFORM)
    .scopes(WRITE)
    .faults(MADE),
    Route::get("/v1/project/platforms", "project.listPlatforms", handler!(list_platforms))
        .page("platforms", &PLATFORM)
        .aliases(&["/v1/projects/{projectId}/platforms"])
        .also(&["projects.listPlatforms"])
        .scopes(READ),
    Route::get("/v1/project/platforms/{platformId}", "project.getPlatform", handler!(get_platform))
        .ok(&PLATFORM)
        .aliases(&["/v1/projects/{projectId}/platforms/{platformId}"])
        .also(&["projects.getPlatform"])
        .scopes(READ)
        .faults(&[Fault::PlatformNotFound]),
    Route::put(
        "/v1/project/platforms/web/{platformId}",
        "project.updateWebPlatform",
        handler!(update_web_platform),
    )
    .ok(&PLATFORM)
    .aliases(&["/v1/projects/{projectId}/platforms/{platformId}"])
    .also(&["projects.updatePlatform"])
    .scopes(WRITE)
    .faults(CHANGED),
    Route::put(
        "/v1/project/platforms/apple/{platformId}",
        "project.updateApplePlatform",
        handler!(update_apple_platform),
    )
    .ok(&PLATFORM)
    .scopes(WRITE)
    .faults(CHANGED),
    Route::put(
        "/v1/project/platforms/android/{platformId}",
        "project.updateAndroidPlatform",
        handler!(update_android_platform),
    )
    .ok(&PLATFORM)
    .scopes(WRITE)
    .faults(CHANGED),
    Route::put(
        "/v1/project/platforms/windows/{platformId}",
        "project.updateWindowsPlatform",
        handler!(update_windows_platform),
    )
    .ok(&PLATFORM)
    .scopes(WRITE)
    .faults(CHANGED),
    Route::put(
        "/v1/project/platforms/linux/{platformId}",
        "project.updateLinuxPlatform",
        handler!(update_linux_platform),
    )
    .ok(&PLATFORM)
    .scopes(WRITE)
    .faults(CHANGED),
    Route::delete("/v1/project/platforms/{platformId}", "project.deletePlatform", handler!(delete_platform))
        .nothing()
        .aliases(&["/v1/projects/{projectId}/platforms/{platformId}"])
        .also(&["projects.deletePlatform"])
        .scopes(WRITE)
        .faults(&[Fault::PlatformNotFound]),
];

params! {
    /// A web platform to make; `key` and `type` are how older clients made every kind here.
    pub(crate) struct CreateWebPlatform {
        /// Platform ID. Choose a custom ID or generate a random one with `unique()`.
        platform_id: IdChoice = "platformId" => custom_id(),
        /// Platform name.
        name: String = "name" => text(1, 128),
        /// Host name of the web application.
        hostname: Option<String> = "hostname" => OrEmpty(hostname()).optional(),
        /// Deprecated: bundle or package name.
        key: Option<String> = "key" => text(0, 256).optional(),
        /// Deprecated: platform type.
        kind: Option<PlatformKind> = "type" => choices(&PlatformKind::OLD_NAMES).optional(),
    }
}

params! {
    /// New values of a web platform.
    pub(crate) struct UpdateWebPlatform {
        /// Platform ID.
        platform_id: String = "platformId" => uid(),
        /// Platform name.
        name: String = "name" => text(1, 128),
        /// Host name of the web application.
        hostname: Option<String> = "hostname" => OrEmpty(hostname()).optional(),
        /// Deprecated: bundle or package name.
        key: Option<String> = "key" => text(0, 256).optional(),
    }
}

params! {
    /// A platform by its id.
    pub(crate) struct PlatformPath {
        /// Platform ID.
        platform_id: String = "platformId" => uid(),
    }
}

/// The two sets of parameters and the two handlers of a kind that has a name of its own for its key.
macro_rules! app_platforms {
    ($($kind:ident $new:ident $patch:ident $key:literal $create:ident $update:ident;)+) => {$(
        params! {
            /// A platform to make.
            pub(crate) struct $new {
                /// Platform ID. Choose a custom ID or generate a random one with `unique()`.
                platform_id: IdChoice = "platformId" => custom_id(),
                /// Platform name.
                name: String = "name" => text(1, 128),
                /// What the system calls the application.
                key: String = $key => text(1, 256),
            }
        }

        params! {
            /// New values of a platform.
            pub(crate) struct $patch {
                /// Platform ID.
                platform_id: String = "platformId" => uid(),
                /// Platform name.
                name: String = "name" => text(1, 128),
                /// What the system calls the application.
                key: String = $key => text(1, 256),
            }
        }

        async fn $create(call: Call<$new>) -> Reply {
            let $new { platform_id, name, key } = call.params;
            projects::registry(&call.cx)?;
            let id = platform_id.or_make(|| call.cx.new_id());
            let new = NewPlatform { id, kind: PlatformKind::$kind, name, key, hostname: String::new() };
            Ok(Answer::created("platform", wire(&platforms::create(&call.cx, new).await?)))
        }

        async fn $update(call: Call<$patch>) -> Reply {
            let $patch { platform_id, name, key } = call.params;
            projects::registry(&call.cx)?;
            let kind = Some(PlatformKind::$kind);
            let patch = PlatformPatch { kind, name, key: Some(key), hostname: None };
            let platform = platforms::update(&call.cx, &platform_id.into(), patch).await?;
            Ok(Answer::ok("platform", wire(&platform)))
        }
    )+};
}

app_platforms! {
    Apple CreateApplePlatform UpdateApplePlatform "bundleIdentifier" create_apple_platform update_apple_platform;
    Android CreateAndroidPlatform UpdateAndroidPlatform "applicationId" create_android_platform update_android_platform;
    Windows CreateWindowsPlatform UpdateWindowsPlatform "packageIdentifierName"
        create_windows_platform update_windows_platform;
    Linux CreateLinuxPlatform UpdateLinuxPlatform "packageName" create_linux_platform update_linux_platform;
}

async fn create_web_platform(call: Call<CreateWebPlatform>) -> Reply {
    let CreateWebPlatform { platform_id, name, hostname, key, kind } = call.params;
    projects::registry(&call.cx)?;
    let (hostname, key) = (hostname.unwrap_or_default(), key.unwrap_or_default());
    if hostname.is_empty() && key.is_empty() && kind.is_none() {
        return Err(Error::missing_param("/hostname"));
    }
    let id = platform_id.or_make(|| call.cx.new_id());
    let new = NewPlatform { id, kind: kind.unwrap_or(PlatformKind::Web), name, key, hostname };
    Ok(Answer::created("platform", wire(&platforms::create(&call.cx, new).await?)))
}

async fn update_web_platform(call: Call<UpdateWebPlatform>) -> Reply {
    let UpdateWebPlatform { platform_id, name, hostname, key } = call.params;
    projects::registry(&call.cx)?;
    let (hostname, key) = (hostname.filter(|host| !host.is_empty()), key.filter(|key| !key.is_empty()));
    // COMPAT(appwrite): older clients change every kind here; only a host name asks for a web platform.
    let kind = hostname.is_some().then_some(PlatformKind::Web);
    let patch = PlatformPatch { kind, name, key, hostname };
    Ok(Answer::ok("platform", wire(&platforms::update(&call.cx, &platform_id.into(), patch).await?)))
}

async fn list_platforms(call: Call<ListParams>) -> Reply {
    projects::registry(&call.cx)?;
    let page = platforms::list(&call.cx, &call.params.into_request(&call.exchange)).await?;
    Ok(paged("platform", "platforms", &page, wire))
}

async fn get_platform(call: Call<PlatformPath>) -> Reply {
    projects::registry(&call.cx)?;
    let platform = platforms::get(&call.cx, &call.params.platform_id.into()).await?;
    Ok(Answer::ok("platform", wire(&platform)))
}

async fn delete_platform(call: Call<PlatformPath>) -> Reply {
    projects::registry(&call.cx)?;
    platforms::delete(&call.cx, &call.params.platform_id.into()).await?;
    Ok(Answer::no_content())
}

/// A platform on the wire.
pub(crate) fn wire(platform: &Platform) -> Map<String, Value> {
    let mut wire = object(json!({
        "$id": platform.id.as_str(),
        "$createdAt": platform.created.to_wire(),
        "$updatedAt": platform.updated.to_wire(),
        "name": platform.name,
        "type": platform.kind.name(),
    }));
    let key = match platform.kind {
        PlatformKind::Web => {
            wire.insert("hostname".to_owned(), json!(platform.hostname));
            "key"
        }
        PlatformKind::Apple => "bundleIdentifier",
        PlatformKind::Android => "applicationId",
        PlatformKind::Windows => "packageIdentifierName",
        PlatformKind::Linux => "packageName",
    };
    wire.insert(key.to_owned(), json!(platform.key));
    wire
}

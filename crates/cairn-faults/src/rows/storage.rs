//! Files, buckets and avatars.
//!
//! [`crate::table`] says how a row is written.

macro_rules! rows_storage {
    ($next:ident $($rest:ident)* ; $($rows:tt)*) => {
        $next! { $($rest)* ; $($rows)*

            /// There is no such bucket.
            ///
            /// The id is mistyped, the bucket was deleted, or it is switched off for users.
            StorageBucketNotFound planned {
                kind: NotFound,
                message: "There is no such bucket.",
                appwrite_1_0: 404 "storage_bucket_not_found",
                appwrite: 404 "storage_bucket_not_found",
            }
            /// A bucket with this id exists already.
            ///
            /// Choose another id.
            StorageBucketAlreadyExists planned {
                kind: Conflict,
                message: "A bucket with this id exists already.",
                appwrite_1_0: 409 "storage_bucket_already_exists",
                appwrite: 409 "storage_bucket_already_exists",
            }
            /// The bucket does not change images.
            ///
            /// Switch transformations on in the bucket's settings, or ask for the file as it is.
            StorageBucketTransformationsDisabled planned {
                kind: Forbidden,
                message: "The bucket does not change images.",
                appwrite: 403 "storage_bucket_transformations_disabled",
            }
            /// There is no such file.
            ///
            /// The id is mistyped, the file was deleted, or the caller may not read it.
            StorageFileNotFound planned {
                kind: NotFound,
                message: "There is no such file.",
                appwrite_1_0: 404 "storage_file_not_found",
                appwrite: 404 "storage_file_not_found",
            }
            /// A file with this id exists already.
            ///
            /// Choose another id.
            StorageFileAlreadyExists planned {
                kind: Conflict,
                message: "A file with this id exists already.",
                appwrite: 409 "storage_file_already_exists",
            }
            /// The request carries no file, or an empty one.
            ///
            /// Send the file in the field `file`.
            StorageFileEmpty planned {
                kind: Invalid,
                message: "The request carries no file, or an empty one.",
                appwrite_1_0: 400 "storage_file_empty",
                appwrite: 400 "storage_file_empty",
            }
            /// The file may not be read by everybody.
            ///
            /// Give it read permission for `any`.
            StorageFileNotPublic planned {
                kind: Forbidden,
                message: "The file may not be read by everybody.",
                appwrite: 403 "storage_file_not_public",
            }
            /// This type of file is not allowed.
            ///
            /// The bucket lists the extensions that it takes.
            StorageFileTypeUnsupported planned {
                kind: Invalid,
                message: "This type of file is not allowed.",
                appwrite_1_0: 400 "storage_file_type_unsupported",
                appwrite: 400 "storage_file_type_unsupported",
                discord: 415 50123,
            }
            /// The place where files are kept does not exist.
            ///
            /// The operator should look at the storage settings.
            StorageDeviceNotFound planned {
                kind: Invalid,
                message: "The place where files are kept does not exist.",
                appwrite_1_0: 400 "storage_device_not_found",
                appwrite: 400 "storage_device_not_found",
            }
            /// The image has too many pixels.
            ///
            /// Images beyond a bound are not decoded, because that would take too much memory.
            StorageImageResolutionExceeded planned {
                kind: Invalid,
                message: "The image has too many pixels.",
                appwrite: 400 "storage_image_resolution_exceeded",
            }
            /// The file id of a chunk is not usable.
            ///
            /// Chunks after the first carry the id that the first answer told; `unique()` is for the
            /// first one alone.
            StorageInvalidAppwriteId planned {
                kind: Invalid,
                message: "The file id of a chunk is not usable.",
                appwrite: 400 "storage_invalid_appwrite_id",
            }
            /// The `Content-Range` header is wrong.
            ///
            /// Chunks tell their first and last byte and the whole size, and fit together.
            StorageInvalidContentRange planned {
                kind: Invalid,
                message: "The `Content-Range` header is wrong.",
                appwrite_1_0: 400 "storage_invalid_content_range",
                appwrite: 400 "storage_invalid_content_range",
            }
            /// The file is not acceptable.
            ///
            /// It failed a check, such as the one for malware.
            StorageInvalidFile planned {
                kind: Forbidden,
                message: "The file is not acceptable.",
                appwrite_1_0: 403 "storage_invalid_file",
                appwrite: 403 "storage_invalid_file",
            }
            /// The file is too large.
            ///
            /// The bucket's limit, or that of the server, is below its size.
            StorageInvalidFileSize planned {
                kind: Invalid,
                message: "The file is too large.",
                appwrite_1_0: 400 "storage_invalid_file_size",
                appwrite: 400 "storage_invalid_file_size",
            }
            /// The file has no such range.
            ///
            /// The `Range` header asks for bytes beyond the end.
            StorageInvalidRange planned {
                kind: Invalid,
                message: "The file has no such range.",
                status: 416,
                appwrite_1_0: 416 "storage_invalid_range",
                appwrite: 416 "storage_invalid_range",
            }
            /// There is no such avatar.
            ///
            /// Take one of the codes that the API reference lists.
            AvatarNotFound planned {
                kind: NotFound,
                message: "There is no such avatar.",
                appwrite_1_0: 404 "avatar_not_found",
                appwrite: 404 "avatar_not_found",
            }
            /// There is no such set of avatars.
            ///
            /// Take one that the API reference lists.
            AvatarSetNotFound planned {
                kind: NotFound,
                message: "There is no such set of avatars.",
                appwrite_1_0: 404 "avatar_set_not_found",
                appwrite: 404 "avatar_set_not_found",
            }
            /// There is no image at this address.
            ///
            /// The remote server answered with something else.
            AvatarImageNotFound planned {
                kind: NotFound,
                message: "There is no image at this address.",
                appwrite_1_0: 404 "avatar_image_not_found",
                appwrite: 404 "avatar_image_not_found",
            }
            /// The site has no icon.
            ///
            /// It names none that could be fetched.
            AvatarIconNotFound planned {
                kind: NotFound,
                message: "The site has no icon.",
                appwrite_1_0: 404 "avatar_icon_not_found",
                appwrite: 404 "avatar_icon_not_found",
            }
            /// The remote address could not be fetched.
            ///
            /// It does not answer, or leads to an address that the server may not call.
            AvatarRemoteUrlFailed planned {
                kind: NotFound,
                message: "The remote address could not be fetched.",
                appwrite_1_0: 404 "avatar_remote_url_failed",
                appwrite: 404 "avatar_remote_url_failed",
            }
            /// The vector image could not be made safe.
            ///
            /// It holds parts that would run in a browser.
            AvatarSvgSanitizationFailed planned {
                kind: Invalid,
                message: "The vector image could not be made safe.",
                appwrite: 400 "avatar_svg_sanitization_failed",
            }
        }
    };
}

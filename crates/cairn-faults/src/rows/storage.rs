//! Rows: storage.

macro_rules! rows_storage {
    ($next:ident $($rest:ident)* ; $($rows:tt)*) => {
        $next! { $($rest)* ; $($rows)*
            /// Avatar icon not found.
            AvatarIconNotFound {
                kind: NotFound,
                message: "Avatar icon not found.",
                appwrite_1_0: 404 "avatar_icon_not_found",
                appwrite: 404 "avatar_icon_not_found",
            }
            /// Avatar image not found.
            AvatarImageNotFound {
                kind: NotFound,
                message: "Avatar image not found.",
                appwrite_1_0: 404 "avatar_image_not_found",
                appwrite: 404 "avatar_image_not_found",
            }
            /// Avatar not found.
            AvatarNotFound {
                kind: NotFound,
                message: "Avatar not found.",
                appwrite_1_0: 404 "avatar_not_found",
                appwrite: 404 "avatar_not_found",
            }
            /// Avatar remote url failed.
            AvatarRemoteUrlFailed {
                kind: NotFound,
                message: "Avatar remote url failed.",
                appwrite_1_0: 404 "avatar_remote_url_failed",
                appwrite: 404 "avatar_remote_url_failed",
            }
            /// Avatar set not found.
            AvatarSetNotFound {
                kind: NotFound,
                message: "Avatar set not found.",
                appwrite_1_0: 404 "avatar_set_not_found",
                appwrite: 404 "avatar_set_not_found",
            }
            /// Avatar svg sanitization failed.
            AvatarSvgSanitizationFailed {
                kind: Invalid,
                message: "Avatar svg sanitization failed.",
                appwrite: 400 "avatar_svg_sanitization_failed",
            }
            /// Storage bucket already exists.
            StorageBucketAlreadyExists {
                kind: Conflict,
                message: "Storage bucket already exists.",
                appwrite_1_0: 409 "storage_bucket_already_exists",
                appwrite: 409 "storage_bucket_already_exists",
            }
            /// Storage bucket not found.
            StorageBucketNotFound {
                kind: NotFound,
                message: "Storage bucket not found.",
                appwrite_1_0: 404 "storage_bucket_not_found",
                appwrite: 404 "storage_bucket_not_found",
            }
            /// Storage bucket transformations disabled.
            StorageBucketTransformationsDisabled {
                kind: Forbidden,
                message: "Storage bucket transformations disabled.",
                appwrite: 403 "storage_bucket_transformations_disabled",
            }
            /// Storage device not found.
            StorageDeviceNotFound {
                kind: Invalid,
                message: "Storage device not found.",
                appwrite_1_0: 400 "storage_device_not_found",
                appwrite: 400 "storage_device_not_found",
            }
            /// Storage file already exists.
            StorageFileAlreadyExists {
                kind: Conflict,
                message: "Storage file already exists.",
                appwrite: 409 "storage_file_already_exists",
            }
            /// Storage file empty.
            StorageFileEmpty {
                kind: Invalid,
                message: "Storage file empty.",
                appwrite_1_0: 400 "storage_file_empty",
                appwrite: 400 "storage_file_empty",
            }
            /// Storage file not found.
            StorageFileNotFound {
                kind: NotFound,
                message: "Storage file not found.",
                appwrite_1_0: 404 "storage_file_not_found",
                appwrite: 404 "storage_file_not_found",
            }
            /// Storage file not public.
            StorageFileNotPublic {
                kind: Forbidden,
                message: "Storage file not public.",
                appwrite: 403 "storage_file_not_public",
            }
            /// Storage file type unsupported.
            StorageFileTypeUnsupported {
                kind: Invalid,
                message: "Storage file type unsupported.",
                appwrite_1_0: 400 "storage_file_type_unsupported",
                appwrite: 400 "storage_file_type_unsupported",
            }
            /// Storage image resolution exceeded.
            StorageImageResolutionExceeded {
                kind: Invalid,
                message: "Storage image resolution exceeded.",
                appwrite: 400 "storage_image_resolution_exceeded",
            }
            /// Storage invalid appwrite id.
            StorageInvalidAppwriteId {
                kind: Invalid,
                message: "Storage invalid appwrite id.",
                appwrite: 400 "storage_invalid_appwrite_id",
            }
            /// Storage invalid content range.
            StorageInvalidContentRange {
                kind: Invalid,
                message: "Storage invalid content range.",
                appwrite_1_0: 400 "storage_invalid_content_range",
                appwrite: 400 "storage_invalid_content_range",
            }
            /// Storage invalid file.
            StorageInvalidFile {
                kind: Forbidden,
                message: "Storage invalid file.",
                appwrite_1_0: 403 "storage_invalid_file",
                appwrite: 403 "storage_invalid_file",
            }
            /// Storage invalid file size.
            StorageInvalidFileSize {
                kind: Invalid,
                message: "Storage invalid file size.",
                appwrite_1_0: 400 "storage_invalid_file_size",
                appwrite: 400 "storage_invalid_file_size",
            }
            /// Storage invalid range.
            StorageInvalidRange {
                kind: Invalid,
                message: "Storage invalid range.",
                appwrite_1_0: 416 "storage_invalid_range",
                appwrite: 416 "storage_invalid_range",
            }
        }
    };
}

//! Rows: messaging.

macro_rules! rows_messaging {
    ($next:ident $($rest:ident)* ; $($rows:tt)*) => {
        $next! { $($rest)* ; $($rows)*
            /// Message already exists.
            MessageAlreadyExists {
                kind: Conflict,
                message: "Message already exists.",
                appwrite: 409 "message_already_exists",
            }
            /// Message already failed.
            MessageAlreadyFailed {
                kind: Invalid,
                message: "Message already failed.",
                appwrite: 400 "message_already_failed",
            }
            /// Message already processing.
            MessageAlreadyProcessing {
                kind: Invalid,
                message: "Message already processing.",
                appwrite: 400 "message_already_processing",
            }
            /// Message already scheduled.
            MessageAlreadyScheduled {
                kind: Invalid,
                message: "Message already scheduled.",
                appwrite: 400 "message_already_scheduled",
            }
            /// Message already sent.
            MessageAlreadySent {
                kind: Invalid,
                message: "Message already sent.",
                appwrite: 400 "message_already_sent",
            }
            /// Message missing schedule.
            MessageMissingSchedule {
                kind: Invalid,
                message: "Message missing schedule.",
                appwrite: 400 "message_missing_schedule",
            }
            /// Message missing target.
            MessageMissingTarget {
                kind: Invalid,
                message: "Message missing target.",
                appwrite: 400 "message_missing_target",
            }
            /// Message not found.
            MessageNotFound {
                kind: NotFound,
                message: "Message not found.",
                appwrite: 404 "message_not_found",
            }
            /// Message target not email.
            MessageTargetNotEmail {
                kind: Invalid,
                message: "Message target not email.",
                appwrite: 400 "message_target_not_email",
            }
            /// Message target not push.
            MessageTargetNotPush {
                kind: Invalid,
                message: "Message target not push.",
                appwrite: 400 "message_target_not_push",
            }
            /// Message target not sms.
            MessageTargetNotSms {
                kind: Invalid,
                message: "Message target not sms.",
                appwrite: 400 "message_target_not_sms",
            }
            /// Presence already exists.
            PresenceAlreadyExists {
                kind: Conflict,
                message: "Presence already exists.",
                appwrite: 409 "presence_already_exists",
            }
            /// Presence not found.
            PresenceNotFound {
                kind: NotFound,
                message: "Presence not found.",
                appwrite: 404 "presence_not_found",
            }
            /// Provider already exists.
            ProviderAlreadyExists {
                kind: Conflict,
                message: "Provider already exists.",
                appwrite: 409 "provider_already_exists",
            }
            /// Provider incorrect type.
            ProviderIncorrectType {
                kind: Invalid,
                message: "Provider incorrect type.",
                appwrite: 400 "provider_incorrect_type",
            }
            /// Provider missing credentials.
            ProviderMissingCredentials {
                kind: Invalid,
                message: "Provider missing credentials.",
                appwrite: 400 "provider_missing_credentials",
            }
            /// Provider not found.
            ProviderNotFound {
                kind: NotFound,
                message: "Provider not found.",
                appwrite: 404 "provider_not_found",
            }
            /// Realtime message format invalid.
            RealtimeMessageFormatInvalid {
                kind: Invalid,
                message: "Realtime message format invalid.",
                appwrite: 1003 "realtime_message_format_invalid",
            }
            /// Realtime policy violation.
            RealtimePolicyViolation {
                kind: Forbidden,
                message: "Realtime policy violation.",
                appwrite: 1008 "realtime_policy_violation",
            }
            /// Realtime too many messages.
            RealtimeTooManyMessages {
                kind: RateLimited,
                message: "Realtime too many messages.",
                appwrite: 1013 "realtime_too_many_messages",
            }
            /// Subscriber already exists.
            SubscriberAlreadyExists {
                kind: Conflict,
                message: "Subscriber already exists.",
                appwrite: 409 "subscriber_already_exists",
            }
            /// Subscriber not found.
            SubscriberNotFound {
                kind: NotFound,
                message: "Subscriber not found.",
                appwrite: 404 "subscriber_not_found",
            }
            /// Target provider invalid type.
            TargetProviderInvalidType {
                kind: Invalid,
                message: "Target provider invalid type.",
                appwrite: 400 "target_provider_invalid_type",
            }
            /// Topic already exists.
            TopicAlreadyExists {
                kind: Conflict,
                message: "Topic already exists.",
                appwrite: 409 "topic_already_exists",
            }
            /// Topic not found.
            TopicNotFound {
                kind: NotFound,
                message: "Topic not found.",
                appwrite: 404 "topic_not_found",
            }
        }
    };
}

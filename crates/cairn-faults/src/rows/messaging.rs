//! Messages, providers, topics, targets, presence and realtime.
//!
//! [`crate::table`] says how a row is written.

macro_rules! rows_messaging {
    ($next:ident $($rest:ident)* ; $($rows:tt)*) => {
        $next! { $($rest)* ; $($rows)*

            /// There is no such provider.
            ///
            /// The id is mistyped, or the provider was deleted.
            ProviderNotFound planned {
                kind: NotFound,
                message: "There is no such provider.",
                appwrite: 404 "provider_not_found",
            }
            /// A provider with this id exists already.
            ///
            /// Choose another id.
            ProviderAlreadyExists planned {
                kind: Conflict,
                message: "A provider with this id exists already.",
                appwrite: 409 "provider_already_exists",
            }
            /// The provider is of another type.
            ///
            /// Each type has its own routes.
            ProviderIncorrectType planned {
                kind: Invalid,
                message: "The provider is of another type.",
                appwrite: 400 "provider_incorrect_type",
            }
            /// The provider has no credentials.
            ///
            /// Add them before you send with it.
            ProviderMissingCredentials planned {
                kind: Invalid,
                message: "The provider has no credentials.",
                appwrite: 400 "provider_missing_credentials",
            }
            /// There is no such topic.
            ///
            /// The id is mistyped, or the topic was deleted.
            TopicNotFound planned {
                kind: NotFound,
                message: "There is no such topic.",
                appwrite: 404 "topic_not_found",
            }
            /// A topic with this id exists already.
            ///
            /// Choose another id.
            TopicAlreadyExists planned {
                kind: Conflict,
                message: "A topic with this id exists already.",
                appwrite: 409 "topic_already_exists",
            }
            /// There is no such subscriber.
            ///
            /// The id is mistyped, or the target unsubscribed.
            SubscriberNotFound planned {
                kind: NotFound,
                message: "There is no such subscriber.",
                appwrite: 404 "subscriber_not_found",
            }
            /// The target subscribed to the topic already.
            ///
            /// Nothing is left to do.
            SubscriberAlreadyExists planned {
                kind: Conflict,
                message: "The target subscribed to the topic already.",
                appwrite: 409 "subscriber_already_exists",
            }
            /// There is no such message.
            ///
            /// The id is mistyped, or the message was deleted.
            MessageNotFound planned {
                kind: NotFound,
                message: "There is no such message.",
                appwrite: 404 "message_not_found",
            }
            /// A message with this id exists already.
            ///
            /// Choose another id.
            MessageAlreadyExists planned {
                kind: Conflict,
                message: "A message with this id exists already.",
                appwrite: 409 "message_already_exists",
            }
            /// The message was sent already.
            ///
            /// Make a new one.
            MessageAlreadySent planned {
                kind: Conflict,
                message: "The message was sent already.",
                appwrite: 400 "message_already_sent",
            }
            /// The message is being sent.
            ///
            /// It cannot be changed any more.
            MessageAlreadyProcessing planned {
                kind: Conflict,
                message: "The message is being sent.",
                appwrite: 400 "message_already_processing",
            }
            /// The message failed already.
            ///
            /// Make a new one.
            MessageAlreadyFailed planned {
                kind: Conflict,
                message: "The message failed already.",
                appwrite: 400 "message_already_failed",
            }
            /// The message is scheduled already.
            ///
            /// Update its time instead.
            MessageAlreadyScheduled planned {
                kind: Conflict,
                message: "The message is scheduled already.",
                appwrite: 400 "message_already_scheduled",
            }
            /// A scheduled message needs a time.
            ///
            /// Send `scheduledAt`.
            MessageMissingSchedule planned {
                kind: Invalid,
                message: "A scheduled message needs a time.",
                appwrite: 400 "message_missing_schedule",
            }
            /// The message has no recipient.
            ///
            /// Name topics, users or targets.
            MessageMissingTarget planned {
                kind: Invalid,
                message: "The message has no recipient.",
                appwrite: 400 "message_missing_target",
            }
            /// A recipient is no e-mail target.
            ///
            /// An e-mail goes to e-mail targets only.
            MessageTargetNotEmail planned {
                kind: Invalid,
                message: "A recipient is no e-mail target.",
                appwrite: 400 "message_target_not_email",
            }
            /// A recipient is no push target.
            ///
            /// A push message goes to push targets only.
            MessageTargetNotPush planned {
                kind: Invalid,
                message: "A recipient is no push target.",
                appwrite: 400 "message_target_not_push",
            }
            /// A recipient is no text message target.
            ///
            /// A text message goes to telephone numbers only.
            MessageTargetNotSms planned {
                kind: Invalid,
                message: "A recipient is no text message target.",
                appwrite: 400 "message_target_not_sms",
            }
            /// The target's provider is of the wrong type.
            ///
            /// Take a provider of the target's type.
            TargetProviderInvalidType planned {
                kind: Invalid,
                message: "The target's provider is of the wrong type.",
                appwrite: 400 "target_provider_invalid_type",
            }
            /// There is no such presence.
            ///
            /// It expired, or its connection closed.
            PresenceNotFound planned {
                kind: NotFound,
                message: "There is no such presence.",
                appwrite: 404 "presence_not_found",
            }
            /// A presence with this id exists already.
            ///
            /// Update it instead.
            PresenceAlreadyExists planned {
                kind: Conflict,
                message: "A presence with this id exists already.",
                appwrite: 409 "presence_already_exists",
            }
            /// The realtime message is malformed.
            ///
            /// Its contract counts by the close codes of a socket, so over HTTP this is a bad request.
            RealtimeMessageFormatInvalid planned {
                kind: Invalid,
                message: "The realtime message is malformed.",
                appwrite: 1003 "realtime_message_format_invalid",
            }
            /// The realtime connection breaks a rule.
            ///
            /// The origin, the project or the credentials do not allow it. The contract's number is a
            /// close code of a socket.
            RealtimePolicyViolation planned {
                kind: Forbidden,
                message: "The realtime connection breaks a rule.",
                appwrite: 1008 "realtime_policy_violation",
            }
            /// The realtime connection sends too much.
            ///
            /// Send less, then connect again. The contract's number is a close code of a socket.
            RealtimeTooManyMessages planned {
                kind: RateLimited,
                message: "The realtime connection sends too much.",
                appwrite: 1013 "realtime_too_many_messages",
            }
        }
    };
}

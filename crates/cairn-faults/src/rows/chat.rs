//! What only the Discord-style contract knows.
//!
//! [`crate::table`] says how a row is written.

macro_rules! rows_chat {
    ($next:ident $($rest:ident)* ; $($rows:tt)*) => {
        $next! { $($rest)* ; $($rows)*

            /// The upload is larger than its place allows.
            ///
            /// Send a smaller file.
            UploadTooLarge planned {
                kind: TooLarge,
                message: "The upload is larger than its place allows.",
                discord: 413 40005,
            }
            /// No node was there to take the request.
            ///
            /// Wait a little, then send it again.
            GatewayMissing planned {
                kind: Upstream,
                message: "No node was there to take the request.",
                discord: 502 0,
            }
            /// The node that took the request did not answer in time.
            ///
            /// Wait a little, then send it again; it may have been carried out.
            GatewayTimeout planned {
                kind: Timeout,
                message: "The node that took the request did not answer in time.",
                discord: 504 0,
            }
        }
    };
}

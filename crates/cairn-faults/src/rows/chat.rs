//! Rows: chat.

macro_rules! rows_chat {
    ($next:ident $($rest:ident)* ; $($rows:tt)*) => {
        $next! { $($rest)* ; $($rows)*
        }
    };
}

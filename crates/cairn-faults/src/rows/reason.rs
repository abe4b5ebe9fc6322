//! Rows: reason.

macro_rules! rows_reason {
    ($next:ident $($rest:ident)* ; $($rows:tt)*) => {
        $next! { $($rest)* ; $($rows)*
        }
    };
}

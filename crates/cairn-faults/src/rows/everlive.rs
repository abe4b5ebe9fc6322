//! Rows: everlive.

macro_rules! rows_everlive {
    ($next:ident $($rest:ident)* ; $($rows:tt)*) => {
        $next! { $($rest)* ; $($rows)*
        }
    };
}

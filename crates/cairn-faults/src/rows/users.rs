//! Rows: users.

macro_rules! rows_users {
    ($next:ident $($rest:ident)* ; $($rows:tt)*) => {
        $next! { $($rest)* ; $($rows)*
        }
    };
}

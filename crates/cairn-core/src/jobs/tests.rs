//! Jobs after a crash.

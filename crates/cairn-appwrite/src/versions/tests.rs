//! The tables have the order that their application relies on.

use super::STEPS;

#[test]
fn steps_are_in_order() {
    assert!(STEPS.is_ordered());
}

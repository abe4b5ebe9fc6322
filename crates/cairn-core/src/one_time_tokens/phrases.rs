//! Security phrases: two words by which a person knows that a message belongs to the sign-in on the screen.

use crate::Cx;

const FIRST: [&str; 32] = [
    "Amber", "Brave", "Calm", "Clever", "Copper", "Crisp", "Early", "Fair", "Gentle", "Golden", "Happy",
    "Honest", "Ivory", "Jolly", "Kind", "Lively", "Lunar", "Mellow", "Nimble", "Orange", "Patient", "Polite",
    "Proud", "Quiet", "Rapid", "Silver", "Steady", "Sunny", "Tender", "Velvet", "Warm", "Wise",
];

const SECOND: [&str; 32] = [
    "Badger", "Beacon", "Bridge", "Cedar", "Comet", "Falcon", "Forest", "Garden", "Harbor", "Heron",
    "Island", "Lantern", "Maple", "Meadow", "Mountain", "Orchid", "Otter", "Owl", "Pebble", "Piano",
    "Planet", "Prairie", "Raven", "River", "Robin", "Sparrow", "Summit", "Thistle", "Tulip", "Valley",
    "Violin", "Willow",
];

/// A new phrase.
pub(super) fn draw(cx: &Cx) -> String {
    let [first, second] = cx.app.ids.rng().bytes();
    let word = |words: [&'static str; 32], byte: u8| words[usize::from(byte) % 32];
    format!("{} {}", word(FIRST, first), word(SECOND, second))
}

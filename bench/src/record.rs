//! The record that every server stores, 200 bytes of JSON, and the dice that fill it.

/// Bytes of one record as the client sends it.
pub(crate) const RECORD_BYTES: usize = 200;
/// Values of the field that lists filter by.
pub(crate) const CATEGORIES: u64 = 100;
/// Records per list.
pub(crate) const PAGE: usize = 50;

const TITLE_BYTES: usize = 24;
const RANK_MIN: u64 = 100_000_000;
const RANK_SPAN: u64 = 900_000_000;

/// SplitMix64: seeded, cheap, good enough to choose records.
#[derive(Clone)]
pub(crate) struct Dice(u64);

impl Dice {
    /// A sequence of its own per seed.
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0xD134_2543_DE82_EF95).wrapping_add(0x9E37_79B9))
    }

    /// The next 64 bits.
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number below `bound`.
    pub(crate) fn below(&mut self, bound: u64) -> u64 {
        self.next() % bound
    }

    /// An index into a slice that is not empty.
    pub(crate) fn index(&mut self, len: usize) -> usize {
        usize::try_from(self.below(len as u64)).expect("an index fits")
    }
}

/// A value of the filtered field.
pub(crate) fn category(dice: &mut Dice) -> String {
    format!("c{:03}", dice.below(CATEGORIES))
}

/// A whole record as JSON, `RECORD_BYTES` long.
pub(crate) fn record(dice: &mut Dice) -> String {
    let mut json = format!("{{\"category\":\"{}\",{},\"body\":\"", category(dice), changes(dice));
    let filling = RECORD_BYTES - json.len() - 2;
    push_letters(&mut json, filling, dice);
    json.push_str("\"}");
    json
}

/// The fields that an update changes (one of them indexed), as JSON without braces.
pub(crate) fn changes(dice: &mut Dice) -> String {
    let mut json = format!("\"rank\":{},\"title\":\"", RANK_MIN + dice.below(RANK_SPAN));
    push_letters(&mut json, TITLE_BYTES, dice);
    json.push('"');
    json
}

fn push_letters(text: &mut String, count: usize, dice: &mut Dice) {
    const LETTERS: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz      ";
    let mut bits = 0;
    for place in 0..count {
        if place % 12 == 0 {
            bits = dice.next();
        }
        // The ends stay letters: a server that trims would otherwise store another record than it was sent.
        let choice = if place == 0 || place + 1 == count { bits & 15 } else { bits & 31 };
        text.push(char::from(LETTERS[usize::try_from(choice).expect("five bits")]));
        bits >>= 5;
    }
}

#[cfg(test)]
mod tests {
    //! A record is what the description says it is.

    use super::*;

    #[test]
    fn a_record_has_its_size_and_fields() {
        let mut dice = Dice::new(7);
        for _ in 0..1000 {
            let json = record(&mut dice);
            assert_eq!(json.len(), RECORD_BYTES);
            let value: serde_json::Value = serde_json::from_str(&json).unwrap();
            assert_eq!(value["title"].as_str().unwrap().len(), TITLE_BYTES);
            assert!(value["rank"].is_u64() && value["category"].is_string() && value["body"].is_string());
        }
    }
}

//! A database of addresses in the MMDB form that knows a single network.

const EMPTY_SEPARATOR: [u8; 16] = [0; 16];

fn text(value: &str) -> Vec<u8> {
    let length = u8::try_from(value.len()).expect("a short text");
    [&[0x40 | length], value.as_bytes()].concat()
}

/// An unsigned number of two bytes.
fn small(value: u16) -> Vec<u8> {
    [&[0xa2], value.to_be_bytes().as_slice()].concat()
}

/// A database that says `code` of 81.2.0.0/16 and nothing of all else.
///
/// # Panics
/// Never: the code is short.
pub fn database(code: &str) -> Vec<u8> {
    let bits: Vec<bool> =
        [81_u8, 2].iter().flat_map(|byte| (0..8).rev().map(move |bit| byte >> bit & 1 == 1)).collect();
    let nodes = u32::try_from(bits.len()).expect("few nodes");
    let mut bytes = Vec::new();
    for (place, bit) in (1..).zip(&bits) {
        // The last node leads to the first entry of the data, all others to the next one.
        let onward = if place == nodes { nodes + 16 } else { place };
        let (left, right) = if *bit { (nodes, onward) } else { (onward, nodes) };
        bytes.extend(&left.to_be_bytes()[1..]);
        bytes.extend(&right.to_be_bytes()[1..]);
    }
    bytes.extend(EMPTY_SEPARATOR);
    bytes.extend([vec![0xe1], text("country"), vec![0xe1], text("iso_code"), text(code)].concat());
    bytes.extend(b"\xab\xcd\xefMaxMind.com");
    bytes.push(0xe9);
    bytes.extend([text("node_count"), [&[0xc4], nodes.to_be_bytes().as_slice()].concat()].concat());
    bytes.extend([text("record_size"), small(24)].concat());
    bytes.extend([text("ip_version"), small(4)].concat());
    bytes.extend([text("database_type"), text("Test")].concat());
    bytes.extend([text("languages"), vec![0x00, 0x04]].concat());
    bytes.extend([text("binary_format_major_version"), small(2)].concat());
    bytes.extend([text("binary_format_minor_version"), small(0)].concat());
    bytes.extend([text("build_epoch"), vec![0x01, 0x02, 1]].concat());
    bytes.extend([text("description"), vec![0xe0]].concat());
    bytes
}

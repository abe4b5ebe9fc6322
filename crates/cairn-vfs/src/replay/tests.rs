//! The model of a power cut on journals written by hand.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::{Loss, PowerCut, sectors};
use crate::record::Event;

fn create(inode: usize, path: &str) -> Event {
    Event::Create { inode, path: path.into() }
}

fn write(inode: usize, offset: usize, data: &str) -> Event {
    Event::Write { inode, offset, data: data.as_bytes().into() }
}

fn sync(inode: usize, upto: usize) -> Event {
    Event::Sync { inode, upto, dir: None }
}

fn sync_with_dir(inode: usize, upto: usize, dir: &str) -> Event {
    Event::Sync { inode, upto, dir: Some(dir.into()) }
}

fn delete(path: &str, is_dir_synced: bool) -> Event {
    Event::Delete { path: path.into(), is_dir_synced }
}

fn files(events: &[Event], point: usize, loss: Loss) -> BTreeMap<String, String> {
    fn collect(root: &Path, dir: PathBuf, found: &mut BTreeMap<String, String>) {
        for entry in std::fs::read_dir(dir).unwrap().map(Result::unwrap) {
            if entry.path().is_dir() {
                collect(root, entry.path(), found);
            } else {
                let name = entry.path().strip_prefix(root).unwrap().display().to_string();
                found.insert(name, String::from_utf8(std::fs::read(entry.path()).unwrap()).unwrap());
            }
        }
    }
    let sync_points = events.iter().filter(|event| event.is_sync_point()).count();
    let dir = tempfile::tempdir().unwrap();
    PowerCut::new(events.to_vec(), sync_points).replay(point, dir.path(), loss).unwrap();
    let mut found = BTreeMap::new();
    collect(dir.path(), dir.path().to_path_buf(), &mut found);
    found
}

#[track_caller]
fn check(events: &[Event], expected: &[&[(&str, &str)]]) {
    for (point, expected) in expected.iter().enumerate() {
        let expected =
            expected.iter().map(|(name, content)| ((*name).to_owned(), (*content).to_owned())).collect();
        assert_eq!(files(events, point, Loss::Unsynced), expected, "at sync point {point}");
    }
}

#[test]
fn what_is_synced_stays_and_the_rest_is_lost() {
    let events =
        [create(0, "a"), write(0, 0, "one"), sync_with_dir(0, 2, ""), write(0, 3, "two"), sync(0, 4)];
    check(&events, &[&[], &[("a", "one")], &[("a", "onetwo")]]);
}

#[test]
fn a_file_needs_a_synced_directory_entry() {
    let events = [create(0, "a"), write(0, 0, "x"), sync(0, 2), create(1, "b"), sync_with_dir(1, 4, "")];
    check(&events, &[&[], &[], &[("a", "x"), ("b", "")]]);
    let elsewhere =
        [create(0, "a"), write(0, 0, "x"), sync(0, 2), create(1, "d/b"), sync_with_dir(1, 4, "d")];
    check(&elsewhere, &[&[], &[], &[("d/b", "")]]);
}

#[test]
fn a_removed_file_is_back_until_the_directory_is_synced() {
    let events = [
        create(0, "a"),
        write(0, 0, "old"),
        sync_with_dir(0, 2, ""),
        delete("a", false),
        create(1, "a"),
        write(1, 0, "new"),
        sync(1, 6),
        delete("b", true),
    ];
    check(&events, &[&[], &[("a", "old")], &[("a", "old")], &[("a", "new")]]);
}

#[test]
fn a_sync_covers_what_was_entered_before_it_began() {
    let events =
        [create(0, "a"), write(0, 0, "one"), write(0, 3, "two"), sync_with_dir(0, 2, ""), sync(0, 4)];
    check(&events, &[&[], &[("a", "one")], &[("a", "onetwo")]]);
}

#[test]
fn a_sync_does_not_make_up_for_a_failed_one() {
    let events = [
        create(0, "a"),
        sync_with_dir(0, 1, ""),
        write(0, 0, "gone"),
        Event::SyncFailed { inode: 0, upto: 3 },
        write(0, 4, "kept"),
        sync(0, 5),
    ];
    check(&events, &[&[], &[("a", "")], &[("a", "\0\0\0\0kept")]]);
}

#[test]
fn lengths_are_part_of_the_image() {
    let events = [
        Event::Adopt { inode: 0, path: "a".into(), content: b"abcdef".as_slice().into() },
        Event::Truncate { inode: 0, size: 2 },
        sync(0, 2),
        Event::Truncate { inode: 0, size: 0 },
        write(0, 4, "z"),
        sync(0, 5),
    ];
    check(&events, &[&[("a", "abcdef")], &[("a", "ab")], &[("a", "\0\0\0\0z")]]);
}

#[test]
fn torn_writes_survive_in_sectors_and_repeat_with_their_seed() {
    let data = "B".repeat(64);
    let events = [
        Event::Adopt { inode: 0, path: "a".into(), content: [b'A'; 64].as_slice().into() },
        write(0, 0, &data),
        create(1, "new"),
    ];
    let mut images = std::collections::BTreeSet::new();
    for seed in 0..64 {
        let torn = Loss::Torn { seed, sector_bytes: 16 };
        let image = files(&events, 0, torn);
        assert_eq!(image, files(&events, 0, torn), "seed {seed}");
        let a = &image["a"];
        assert_eq!(a.len(), 64);
        for sector in a.as_bytes().chunks(16) {
            assert!(sector.iter().all(|byte| *byte == sector[0]), "torn inside a sector: {a}");
        }
        images.insert(image);
    }
    assert!(images.len() > 16, "{} different images", images.len());
    assert!(
        images.iter().any(|image| image.contains_key("new")) && images.iter().any(|image| image.len() == 1)
    );
}

#[test]
fn sectors_are_cut_at_their_multiples() {
    let check = |offset: usize, data: &str, expected: &[(usize, &str)]| {
        let expected: Vec<_> = expected.iter().map(|(at, piece)| (*at, piece.as_bytes())).collect();
        assert_eq!(sectors(offset, data.as_bytes(), 4), expected, "{data} at {offset}");
    };
    check(0, "", &[]);
    check(0, "abcd", &[(0, "abcd")]);
    check(3, "abcdef", &[(3, "a"), (4, "bcde"), (8, "f")]);
    check(8, "abcde", &[(8, "abcd"), (12, "e")]);
}

#[test]
fn a_point_beyond_the_run_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let refused = PowerCut::new(Vec::new(), 0).replay(1, dir.path(), Loss::Unsynced).unwrap_err();
    assert_eq!(refused.kind(), std::io::ErrorKind::InvalidInput);
}

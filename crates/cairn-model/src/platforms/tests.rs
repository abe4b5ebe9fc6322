//! The names of older clients.

use super::PlatformKind;

#[test]
fn every_old_name_has_a_kind() {
    for (old, kind) in PlatformKind::OLD_NAMES {
        assert_eq!(PlatformKind::by_old_name(old), Some(kind));
        assert_eq!(PlatformKind::by_name(kind.name()), Some(kind));
    }
    assert_eq!(PlatformKind::by_old_name("scheme"), None);
}

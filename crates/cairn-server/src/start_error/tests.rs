//! Every refusal says what is the matter and what to do.

use std::error::Error as _;
use std::io;
use std::net::SocketAddr;
use std::path::Path;

use cairn_store::{StoreError, StoreErrorKind};

use super::StartError;

/// The sentence, its cause and the next step.
#[track_caller]
fn told(error: &StartError, what: &str, next: &str) {
    assert_eq!(error.to_string(), what);
    let step = error.next_step().expect("what to do");
    assert!(step.contains(next), "{step}");
    assert!(!error.source().is_some_and(|cause| cause.to_string().contains("unavailable")), "says nothing");
}

#[test]
fn a_directory() {
    let dir = Path::new("/srv/cairn");
    let another = "CAIRN_DATA or --data";
    for (kind, what) in [
        (io::ErrorKind::PermissionDenied, "This user may not read and write the data directory /srv/cairn"),
        (
            io::ErrorKind::ReadOnlyFilesystem,
            "The data directory /srv/cairn is on a disk that cannot be written to",
        ),
        (io::ErrorKind::NotADirectory, "The data directory /srv/cairn is a file, or lies in one"),
        (io::ErrorKind::AlreadyExists, "The data directory /srv/cairn is a file, or lies in one"),
        (io::ErrorKind::StorageFull, "There is no space left for the data directory /srv/cairn"),
        (io::ErrorKind::Other, "The data directory /srv/cairn cannot be used"),
    ] {
        told(&StartError::of_directory(dir, kind.into()), what, another);
        let within = StoreError::caused(StoreErrorKind::Io, io::Error::from(kind));
        told(&StartError::of_embedded(dir, within), what, another);
    }
    for (kind, what) in [
        (StoreErrorKind::InUse, "Another Cairn is running on the data directory /srv/cairn"),
        (StoreErrorKind::NewerFile, "The data in /srv/cairn was written by a newer Cairn than this one"),
    ] {
        told(&StartError::of_embedded(dir, StoreError::new(kind)), what, another);
    }
}

#[test]
fn a_database() {
    let named = "The PostgreSQL that the setting `database` names";
    for (kind, what, next) in [
        (
            StoreErrorKind::UnreadableDsn,
            "The setting `database` is no address of a PostgreSQL".to_owned(),
            "postgres://USER:PASSWORD@HOST:PORT/DATABASE",
        ),
        (StoreErrorKind::Refused, format!("{named} refuses Cairn"), "createdb"),
        (StoreErrorKind::Unavailable, format!("{named} cannot be reached"), "Start it"),
        (StoreErrorKind::Deadline, format!("{named} does not answer"), "firewall"),
        (StoreErrorKind::NewerFile, format!("{named} was written by a newer Cairn than this one"), "version"),
    ] {
        let error = StartError::of_postgres(StoreError::caused(kind, "a cause"));
        told(&error, &what, next);
    }
    let unfit = StoreError::new(StoreErrorKind::Unfit("it is too old".to_owned()));
    let error = StartError::of_postgres(unfit);
    assert_eq!(error.source().map(ToString::to_string).as_deref(), Some("it is too old"));
}

#[test]
fn an_address() {
    let wanted: SocketAddr = "127.0.0.1:8080".parse().expect("an address");
    for (kind, what, next) in [
        (
            io::ErrorKind::AddrInUse,
            "The address 127.0.0.1:8080 is in use by another program",
            "CAIRN_LISTEN=127.0.0.1:8081",
        ),
        (
            io::ErrorKind::PermissionDenied,
            "This user may not listen on 127.0.0.1:8080",
            "CAIRN_LISTEN=127.0.0.1:8080",
        ),
        (
            io::ErrorKind::AddrNotAvailable,
            "This machine has no address 127.0.0.1",
            "CAIRN_LISTEN=0.0.0.0:8080",
        ),
        (io::ErrorKind::Other, "The address 127.0.0.1:8080 cannot be listened on", "CAIRN_LISTEN="),
    ] {
        told(&StartError::of_address(wanted, "CAIRN_LISTEN", kind.into()), what, next);
    }
    let last: SocketAddr = "[::1]:65535".parse().expect("an address");
    let error = StartError::of_address(last, "CAIRN_LISTEN", io::ErrorKind::AddrInUse.into());
    told(&error, "The address [::1]:65535 is in use by another program", "CAIRN_LISTEN=[::1]:65534");
}

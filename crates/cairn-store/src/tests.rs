//! The engine's tests: the same answers on both, and what happens when disks, servers and power fail.

mod disk;
mod engines;
mod files;
mod group;
mod harness;
mod long;
mod nouns;
mod oauth;
mod power_cut;
mod server;
mod snapshots;
mod values;

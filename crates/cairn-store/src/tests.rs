//! The engine's tests: the same answers on both, and what happens when disks, servers and power fail.

mod disk;
mod engines;
mod files;
mod group;
mod harness;
mod long;
mod nouns;
mod oauth;
mod pooler;
mod power_cut;
mod rebuild;
mod regions;
mod server;
mod snapshots;
mod values;

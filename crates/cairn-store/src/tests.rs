//! The engine's tests: the same answers on both, and what happens when disks, servers and power fail.

mod engines;
mod harness;
mod nouns;
mod values;

//! Jumping clocks, other tables, kills, power cuts: no bell twice, none lost.
//!
//! In virtual time: the keeper and the ledger's lines are the real ones, the disk is a text of
//! which a power cut takes any part that was not waited for. `BEFFROI_STORM` says how many
//! sequences (10,000 are promised), `BEFFROI_STORM_SEED` which.

mod daily;
mod dice;
mod disk;
mod judge;
mod school;
mod story;
mod world;

use std::env;

use self::world::World;

#[derive(Debug, Default, Clone, Copy)]
struct Counts {
    sequences: u64,
    due: u64,
    rang: u64,
    kills: u64,
    cuts: u64,
    jumps: u64,
    published: u64,
    shortened: u64,
}

#[test]
fn no_bell_rings_twice_and_none_is_unaccounted_for_whatever_happens() {
    let number =
        |name: &str, default: u64| env::var(name).map_or(default, |text| text.parse().unwrap());
    let sequences = number("BEFFROI_STORM", 300);
    let first = number("BEFFROI_STORM_SEED", 1);
    let mut all = Counts::default();
    for seed in first..first + sequences {
        let told = Told(seed);
        let mut world = World::new(seed);
        world.run();
        std::mem::forget(told);
        let Counts { due, rang, kills, cuts, jumps, .. } = world.counts;
        all.sequences += 1;
        (all.due, all.rang) = (all.due + due, all.rang + rang);
        (all.kills, all.cuts, all.jumps) = (all.kills + kills, all.cuts + cuts, all.jumps + jumps);
        all.shortened += world.counts.shortened;
        all.published += world.counts.published;
    }
    println!("{all:?}");
    assert!(sequences < 100 || all.rang > 3 * sequences && all.cuts > sequences, "{all:?}");
}

/// Names the sequence that failed.
struct Told(u64);

impl Drop for Told {
    fn drop(&mut self) {
        println!("the sequence of BEFFROI_STORM=1 BEFFROI_STORM_SEED={}", self.0);
    }
}

//! Any JSON is read by every reader: `cargo +nightly fuzz run answers`.
//!

#![no_main]

use libfuzzer_sys::fuzz_target;
use pronote_client::features::readers::read_all;
use serde_json::Value;

fuzz_target!(|body: &[u8]| {
    if let Ok(value) = serde_json::from_slice::<Value>(body) {
        read_all(&value);
    }
});

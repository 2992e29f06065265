//! Any bytes are an envelope or an error: `cargo +nightly fuzz run envelope`.
//!

#![no_main]

use libfuzzer_sys::fuzz_target;
use pronote_client::protocol::{
    crypto::Cipher,
    envelope::{Answer, Request},
    generation::GENERATIONS,
    packing::Packing,
};
use serde_json::{Value, json};

fuzz_target!(|input: (bool, bool, &[u8])| {
    let (encrypted, compressed, body) = input;
    let (packing, cipher) = (Packing { encrypted, compressed }, Cipher::initial());
    // As the wire has it, and as the secured part alone.
    let hex: String = body.iter().map(|byte| format!("{byte:02x}")).collect();
    let secured = json!({"dataSec": hex, "donneesSec": Value::Null}).to_string();
    for body in [body, secured.as_bytes()] {
        if let Ok(answer) = Answer::read(body, packing, &cipher) {
            answer.refusal();
        }
        for generation in &GENERATIONS {
            drop(Request::read(body, generation.names, packing, &cipher));
        }
    }
});

//! Any page is a start page or none: `cargo +nightly fuzz run start_page`.
//!

#![no_main]

use libfuzzer_sys::fuzz_target;
use pronote_client::protocol::{html, start_page::StartPage};

fuzz_target!(|page: &str| {
    if let Ok(page) = StartPage::read(page) {
        page.generation();
    }
    html::to_text(page);
});

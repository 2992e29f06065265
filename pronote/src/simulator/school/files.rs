//! What the files of the school hold: small, real, and named in their contents.
//!

use std::sync::LazyLock;

/// The photo of every pupil who has one.
pub(crate) const PHOTO: &[u8] = include_bytes!("photo.jpg");

/// The same as calls carry it: base 64 in lines.
pub(crate) static PHOTO_TEXT: LazyLock<String> =
    LazyLock::new(|| data_encoding::BASE64_MIME.encode(PHOTO));

/// One white pixel.
const PIXEL: &[u8] = include_bytes!("pixel.png");

/// The media type of a file by its name.
pub(crate) fn media_type(name: &str) -> &'static str {
    match name.rsplit_once('.').map(|(_, extension)| extension) {
        Some("pdf") => "application/pdf",
        Some("png") => "image/png",
        Some("jpg") => "image/jpeg",
        Some("txt") => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

/// The contents of the file of a name.
pub(crate) fn contents(name: &str) -> Vec<u8> {
    match media_type(name) {
        "application/pdf" => pdf(name),
        "image/jpeg" => PHOTO.to_vec(),
        "image/png" => PIXEL.to_vec(),
        _ => format!("{name}\n").into_bytes(),
    }
}

/// A page of PDF with one line of text; what is not ASCII is left out of the line.
pub(crate) fn pdf(text: &str) -> Vec<u8> {
    let line: String =
        text.chars().filter(|c| c.is_ascii_alphanumeric() || " .-".contains(*c)).collect();
    let drawing = format!("BT /F1 12 Tf 40 780 Td ({line}) Tj ET");
    let objects = [
        "<</Type/Catalog/Pages 2 0 R>>".to_owned(),
        "<</Type/Pages/Kids[3 0 R]/Count 1>>".to_owned(),
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>".to_owned(),
        format!("<</Length {}>>stream\n{drawing}\nendstream", drawing.len()),
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>".to_owned(),
    ];
    let mut out = "%PDF-1.4\n".to_owned();
    let mut offsets = Vec::new();
    for (number, object) in (1..).zip(&objects) {
        offsets.push(out.len());
        out.push_str(&format!("{number} 0 obj{object}endobj\n"));
    }
    let table = out.len();
    out.push_str("xref\n0 6\n0000000000 65535 f \n");
    for offset in offsets {
        out.push_str(&format!("{offset:010} 00000 n \n"));
    }
    out.push_str(&format!("trailer<</Size 6/Root 1 0 R>>\nstartxref\n{table}\n%%EOF\n"));
    out.into_bytes()
}

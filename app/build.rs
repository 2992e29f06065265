//! Embeds the page that `make web` has built, or one that says how to build it.
//!
//! Writes the table `FILES` that `src/http/page.rs` includes, and the page's French words for what
//! the box says. Without Node, nothing is missing but the page and its French.

use std::{
    collections::hash_map::DefaultHasher,
    env,
    error::Error,
    fmt::Write as _,
    fs,
    hash::{Hash as _, Hasher as _},
    path::{Path, PathBuf},
};

const UNBUILT: &str = "web/unbuilt.html";

fn main() -> Result<(), Box<dyn Error>> {
    let built = Path::new("web/dist");
    println!("cargo::rerun-if-changed={}", built.display());
    println!("cargo::rerun-if-changed={UNBUILT}");
    let page = built.join("ui/index.html");
    let mut table = String::from("const FILES: &[File] = &[\n");
    if page.exists() {
        let mut files = Vec::new();
        collect(&built.join("ui"), &mut files)?;
        files.sort();
        for file in &files {
            let name = file.strip_prefix(built)?.to_str().ok_or("a name that is no text")?;
            let path = match name {
                "ui/index.html" => "/".to_owned(),
                "ui/docs.html" => "/api/docs".to_owned(),
                _ => format!("/{name}"),
            };
            entry(&mut table, &path, file)?;
        }
    } else {
        entry(&mut table, "/", Path::new(UNBUILT))?;
    }
    table.push_str("];\n");
    let out = PathBuf::from(env::var("OUT_DIR")?);
    fs::write(out.join("page.rs"), table)?;
    let french = built.join("box-fr.json");
    let french = if french.exists() { fs::read(french)? } else { b"{}".to_vec() };
    fs::write(out.join("box-fr.json"), french)?;
    Ok(())
}

/// All files but the packed ones.
fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> Result<(), Box<dyn Error>> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(&path, files)?;
        } else if !path.extension().is_some_and(|ending| ending == "br" || ending == "gz") {
            files.push(path);
        }
    }
    Ok(())
}

fn entry(table: &mut String, path: &str, file: &Path) -> Result<(), Box<dyn Error>> {
    let media_type = match file.extension().and_then(|ending| ending.to_str()) {
        Some("html") => "text/html; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("json") => "application/json",
        Some("txt") => "text/plain; charset=utf-8",
        other => return Err(format!("{}: no media type for {other:?}", file.display()).into()),
    };
    // To tell one build from another, not against anybody.
    let mut hash = DefaultHasher::new();
    fs::read(file)?.hash(&mut hash);
    let etag = format!("\"{:016x}\"", hash.finish());
    let embedded = |file: &Path| -> Result<String, Box<dyn Error>> {
        Ok(format!("include_bytes!({:?})", fs::canonicalize(file)?))
    };
    let packed = |ending: &str| -> Result<String, Box<dyn Error>> {
        let packed = PathBuf::from(format!("{}.{ending}", file.display()));
        let embedded = packed.exists().then(|| embedded(&packed)).transpose()?;
        Ok(embedded.map_or("None".to_owned(), |bytes| format!("Some({bytes})")))
    };
    let (plain, gzip, brotli) = (embedded(file)?, packed("gz")?, packed("br")?);
    writeln!(
        table,
        "    File {{ path: {path:?}, media_type: {media_type:?}, etag: {etag:?}, plain: {plain}, \
         gzip: {gzip}, brotli: {brotli} }},"
    )?;
    Ok(())
}

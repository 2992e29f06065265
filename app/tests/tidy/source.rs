//! Which paths (`a::b::c`) a piece of Rust names, read off its text.
//!
//! Comments, strings and whatever is under `#[cfg(test)]` do not count.

use std::path::Path;

/// A path that the text names.
#[derive(Debug, PartialEq)]
pub struct Named {
    pub path: Vec<String>,
    /// By a `use`, which may bring in a whole module.
    pub import: bool,
}

/// The paths that `text` names, those within the crate resolved as seen from `file`.
pub fn paths(file: &Path, text: &str) -> Vec<Named> {
    let tokens = without_tests(&tokens(text));
    let mut found = Vec::new();
    let mut rest = tokens.as_slice();
    while let Some((token, after)) = rest.split_first() {
        if token == "use" {
            rest = use_tree(after, &[], &mut found);
        } else if is_word(token) {
            let (path, after) = path(rest);
            found.push(Named { path, import: false });
            rest = after;
        } else {
            rest = after;
        }
    }
    for named in &mut found {
        named.path = absolute(&module(file), std::mem::take(&mut named.path));
        named.path.pop_if(|word| word == "self"); // `use std::time::{self}` is `use std::time`
    }
    found
}

/// Reads one tree of a `use` into `found`; returns what comes after it.
fn use_tree<'a>(tokens: &'a [String], parent: &[String], found: &mut Vec<Named>) -> &'a [String] {
    let (own, mut rest) = path(tokens);
    let path = [parent, &own].concat();
    match rest.first().map(String::as_str) {
        Some("{") => {
            while !matches!(rest.first().map(String::as_str), None | Some("}" | ";")) {
                rest = use_tree(&rest[1..], &path, found);
            }
            &rest[1.min(rest.len())..]
        }
        Some("*") => {
            found.push(Named { path, import: true });
            &rest[1..]
        }
        _ => {
            if !own.is_empty() {
                found.push(Named { path, import: true });
            }
            let end = rest.iter().position(|token| [",", "}", ";"].contains(&token.as_str()));
            &rest[end.unwrap_or(rest.len())..]
        }
    }
}

/// The path at the start of `tokens`, and what comes after it.
fn path(tokens: &[String]) -> (Vec<String>, &[String]) {
    let mut path = Vec::new();
    let mut rest = tokens;
    loop {
        if rest.first().is_some_and(|token| token == "::") {
            rest = &rest[1..];
        }
        match rest.first() {
            Some(word) if is_word(word) => {
                path.push(word.clone());
                rest = &rest[1..];
            }
            _ => return (path, rest),
        }
        if rest.first().is_none_or(|token| token != "::") {
            return (path, rest);
        }
    }
}

fn absolute(module: &[String], path: Vec<String>) -> Vec<String> {
    let ups = path.iter().take_while(|word| *word == "super").count();
    match path.first().map(String::as_str) {
        Some("super") => [&module[..module.len().saturating_sub(ups)], &path[ups..]].concat(),
        Some("self") => [module, &path[1..]].concat(),
        // How main.rs names the library.
        Some("beffroi") if module == ["crate"] => [module, &path[1..]].concat(),
        _ => path,
    }
}

/// The module that `file` is: `app/src/player/voice.rs` is `crate::player::voice`.
fn module(file: &Path) -> Vec<String> {
    let inside = file.iter().skip_while(|part| *part != "src").skip(1);
    let words = inside.map(|part| part.to_str().unwrap().trim_end_matches(".rs").to_owned());
    let words = words.filter(|word| !["mod", "lib", "main"].contains(&word.as_str()));
    ["crate".to_owned()].into_iter().chain(words).collect()
}

/// Drops each item under `#[cfg(test)]`: up to its `;` or its closing brace.
fn without_tests(tokens: &[String]) -> Vec<String> {
    let mark = ["#", "[", "cfg", "(", "test", ")", "]"];
    let mut kept = Vec::new();
    let mut rest = tokens;
    while let Some((token, after)) = rest.split_first() {
        if !rest.iter().map(String::as_str).take(mark.len()).eq(mark) {
            kept.push(token.clone());
            rest = after;
            continue;
        }
        let mut depth = 0;
        let end = rest.iter().position(|token| {
            depth += match token.as_str() {
                "{" => 1,
                "}" => -1,
                _ => 0,
            };
            depth == 0 && (token == "}" || token == ";")
        });
        rest = &rest[end.map_or(rest.len(), |end| end + 1)..];
    }
    kept
}

fn is_word(token: &str) -> bool {
    token.starts_with(|c: char| c.is_alphabetic() || c == '_')
}

/// Words, `::`, and single other characters; no comments, strings or characters.
fn tokens(text: &str) -> Vec<String> {
    let mut tokens = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '/' if rest.starts_with("//") => rest.find('\n').unwrap_or(rest.len()),
            '/' if rest.starts_with("/*") => rest.find("*/").map_or(rest.len(), |end| end + 2),
            '"' => quoted(rest),
            'r' | 'b' if raw_hashes(rest).is_some() => {
                let end = format!("\"{}", "#".repeat(raw_hashes(rest).unwrap()));
                let open = rest.find('"').unwrap() + 1;
                rest[open..].find(&end).map_or(rest.len(), |at| open + at + end.len())
            }
            '\'' => character(rest),
            ':' if rest.starts_with("::") => {
                tokens.push("::".to_owned());
                2
            }
            _ if first.is_alphanumeric() || first == '_' => {
                let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_');
                let word = &rest[..end.unwrap_or(rest.len())];
                tokens.push(word.to_owned());
                word.len()
            }
            _ => {
                if !first.is_whitespace() {
                    tokens.push(first.to_string());
                }
                first.len_utf8()
            }
        };
        rest = &rest[length..];
    }
    tokens
}

/// The length of the string that `text` starts with.
fn quoted(text: &str) -> usize {
    let mut escaped = false;
    let end = text.char_indices().skip(1).find(|(_, c)| {
        let closes = *c == '"' && !escaped;
        escaped = *c == '\\' && !escaped;
        closes
    });
    end.map_or(text.len(), |(at, _)| at + 1)
}

/// The number of `#` of the raw string that `text` starts with, if it starts with one.
fn raw_hashes(text: &str) -> Option<usize> {
    let after = text.strip_prefix("br").or_else(|| text.strip_prefix('r'))?;
    let hashes = after.len() - after.trim_start_matches('#').len();
    after[hashes..].starts_with('"').then_some(hashes)
}

/// The length of the character that `text` starts with, or of the tick of a lifetime.
fn character(text: &str) -> usize {
    let mut chars = text.char_indices().skip(1);
    match chars.next() {
        Some((_, '\\')) => text[3..].find('\'').map_or(text.len(), |at| at + 4),
        Some((_, _)) => chars.next().filter(|(_, c)| *c == '\'').map_or(1, |(at, _)| at + 1),
        None => 1,
    }
}

#[test]
fn paths_are_read_off_the_text_as_the_compiler_would() {
    let file = Path::new("app/src/player/voice.rs");
    let cases: &[(&str, &[&str])] = &[
        ("use std::fs;", &["use std::fs"]),
        (
            "pub use std::{fs::File, io::{self, Read}};",
            &["pub", "use std::fs::File", "use std::io", "use std::io::Read"],
        ),
        ("use tokio as t; ::std::thread::spawn(f)", &["use tokio", "std::thread::spawn", "f"]),
        ("use crate::http::*;", &["use crate::http"]),
        ("use super::super::http::{Api};", &["use crate::http::Api"]),
        (
            "use super::Mixer; self::gain()",
            &["use crate::player::Mixer", "crate::player::voice::gain"],
        ),
        ("/* std::fs */ // std::fs\n\"std::fs \\\" std::fs\" r#\"std::fs\"# '\"' '\\'' 'a'", &[]),
        ("x::<'a>() '\\u{41}' y", &["x", "a", "y"]),
        ("#[cfg(test)]\nmod tests { use std::fs; fn f() {} }\nz", &["z"]),
        ("#[cfg(test)] mod tests; #[cfg(test)] use std::fs; z", &["z"]),
    ];
    for (text, wanted) in cases {
        let found: Vec<String> = paths(file, text)
            .iter()
            .map(|named| if named.import { "use " } else { "" }.to_owned() + &named.path.join("::"))
            .collect();
        assert_eq!(found, *wanted, "{text}");
    }
}

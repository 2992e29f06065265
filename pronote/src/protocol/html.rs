//! HTML as teachers write it, turned into plain text.
//!

use html5gum::{DefaultEmitter, Token, Tokenizer};

/// The text of a piece of HTML: entities read, blocks and `<br>` as line breaks, list items dashed.
pub fn to_text(html: &str) -> String {
    if !html.contains(['<', '&']) {
        return html.trim().to_owned();
    }
    let mut emitter = DefaultEmitter::default();
    emitter.naively_switch_states(true);
    let mut text = String::new();
    let mut is_hidden = false;
    for token in Tokenizer::new_with_emitter(html, emitter) {
        let Ok(token) = token;
        match token {
            Token::String(_) if is_hidden => {}
            Token::String(piece) => append(&mut text, &String::from_utf8_lossy(&piece)),
            Token::StartTag(tag) => match &**tag.name {
                b"br" => text.push('\n'),
                b"script" | b"style" => is_hidden = true,
                b"li" => {
                    break_line(&mut text);
                    text.push_str("- ");
                }
                name if is_block(name) => break_line(&mut text),
                _ => {}
            },
            Token::EndTag(tag) => match &**tag.name {
                b"script" | b"style" => is_hidden = false,
                name if is_block(name) => break_line(&mut text),
                _ => {}
            },
            _ => {}
        }
    }
    let lines: Vec<_> = text.lines().map(str::trim_end).collect();
    lines.join("\n").trim().to_owned()
}

/// Plain text as HTML: what a message is written in where the school has the rich editor.
pub fn of_text(text: &str) -> String {
    let escaped = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    let lines = escaped.lines().map(|line| format!("<div>{line}</div>"));
    lines.collect()
}

// White space of the source is one space, and none at the start of a line.
fn append(text: &mut String, piece: &str) {
    for (place, word) in piece.split([' ', '\t', '\n', '\r']).enumerate() {
        let at_start = text.is_empty() || text.ends_with([' ', '\n']);
        if place > 0 && !at_start {
            text.push(' ');
        }
        text.push_str(word);
    }
}

fn break_line(text: &mut String) {
    if !text.is_empty() && !text.ends_with('\n') {
        text.push('\n');
    }
}

fn is_block(name: &[u8]) -> bool {
    const NAMES: [&[u8]; 13] = [
        b"address",
        b"blockquote",
        b"dd",
        b"div",
        b"dl",
        b"dt",
        b"li",
        b"ol",
        b"p",
        b"pre",
        b"table",
        b"tr",
        b"ul",
    ];
    NAMES.contains(&name) || matches!(name, [b'h', b'1'..=b'6'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn html_becomes_text() {
        for (html, text) in [
            ("  Lire le chapitre 3 ", "Lire le chapitre 3"),
            ("<div>Exercice 1<br>Exercice 2</div>", "Exercice 1\nExercice 2"),
            ("<p>L&#039;&eacute;t&eacute; &amp; l'hiver</p><p>fin</p>", "L'été & l'hiver\nfin"),
            ("<ul><li>un</li><li>deux</li></ul>", "- un\n- deux"),
            ("a <b>gras</b>\n  et la suite", "a gras et la suite"),
            ("<script>alert(1)</script>vu", "vu"),
            ("<style>p{}</style><p>vu</p>", "vu"),
            ("&nbsp;", ""),
            ("<p>jamais fermé", "jamais fermé"),
            ("1 < 2", "1 < 2"),
        ] {
            assert_eq!(to_text(html), text, "{html}");
        }
    }

    #[test]
    fn deep_nesting_and_long_text_end() {
        assert!(to_text(&"<div>".repeat(100_000)).is_empty());
        assert!(to_text(&"<script>".repeat(100_000)).is_empty());
        // One pass over the tokens, and never back over the text: minutes if it were otherwise.
        for (piece, times) in [
            ("<", 300_000),
            ("</", 300_000),
            ("<!--", 200_000),
            ("<li>x ", 100_000),
            ("<br>", 200_000),
            ("&lt", 200_000),
            ("&#x110000;", 100_000),
            ("<p a=", 200_000),
            (" \n\t", 300_000),
            ("<script></scrip", 100_000),
        ] {
            let html = format!("<p>{}", piece.repeat(times));
            assert!(to_text(&html).len() <= html.len() + 2 * times, "{piece}");
        }
        let attributes: String = (0..50_000).map(|number| format!(" a{number}")).collect();
        assert_eq!(to_text(&format!("<p{attributes}>x</p>")), "x");
    }

    #[test]
    fn text_comes_back_from_its_html() {
        let text = "1 < 2 & 3\nfin";
        assert_eq!(to_text(&of_text(text)), text);
    }
}

//! The box's sentences in French, by the words that the page has for them.
//!
//! The box speaks English. `web/src/lib/words/box-fr.ts` is the one place where its sentences have
//! French words; `make web` hands them on, and a box without its page has none.

use std::sync::LazyLock;

use serde_json::{Map, Value};

/// The words of one language.
#[derive(Debug, Default)]
pub struct Words(Vec<Pattern>);

/// A sentence with places for names and other sentences, and what it is in the other language.
#[derive(Debug)]
struct Pattern {
    english: Parts,
    other: Parts,
}

/// A text, and the places in it: one text more than places.
#[derive(Debug)]
struct Parts {
    texts: Vec<String>,
    names: Vec<String>,
}

impl Words {
    /// The French ones.
    pub fn french() -> &'static Self {
        static FRENCH: LazyLock<Words> = LazyLock::new(|| {
            let words = include_str!(concat!(env!("OUT_DIR"), "/box-fr.json"));
            serde_json::from_str(words).map(|words| Words::new(&words)).unwrap_or_default()
        });
        &FRENCH
    }

    /// By sentence, as `box-fr.ts` has them.
    fn new(words: &Map<String, Value>) -> Self {
        let pattern = |(english, other): (&String, &Value)| {
            Some(Pattern { english: Parts::of(english), other: Parts::of(other.as_str()?) })
        };
        let mut patterns: Vec<_> = words.iter().filter_map(pattern).collect();
        // The most particular one counts, as on the page.
        patterns.sort_by_key(|pattern| std::cmp::Reverse(pattern.english.fixed()));
        Self(patterns)
    }

    /// A sentence of the box in this language. One that is not known stays as it is.
    pub fn say(&self, sentence: &str) -> String {
        let found = self.0.iter().find_map(|pattern| {
            let values = pattern.english.values(sentence)?;
            Some((&pattern.english.names, values, &pattern.other))
        });
        let Some((names, values, other)) = found else { return sentence.to_owned() };
        let value = |name: &String| {
            let (_, value) = names.iter().zip(&values).find(|(known, _)| *known == name)?;
            Some(self.say(value))
        };
        let places = other.names.iter().map(|name| value(name).unwrap_or_default());
        let mut texts = other.texts.iter();
        let first = texts.next().cloned().unwrap_or_default();
        places.zip(texts).fold(first, |said, (value, text)| said + &value + text)
    }
}

impl Parts {
    fn of(text: &str) -> Self {
        let (mut texts, mut names) = (vec![String::new()], Vec::new());
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('{') {
            let name = after.split_once('}').filter(|(name, _)| {
                !name.is_empty()
                    && name.chars().all(|letter| letter.is_alphanumeric() || letter == '_')
            });
            push(&mut texts, before);
            if let Some((name, after)) = name {
                names.push(name.to_owned());
                texts.push(String::new());
                rest = after;
            } else {
                push(&mut texts, "{");
                rest = after;
            }
        }
        push(&mut texts, rest);
        return Self { texts, names };

        fn push(texts: &mut [String], text: &str) {
            if let Some(last) = texts.last_mut() {
                last.push_str(text);
            }
        }
    }

    /// How much of it is the same in each such sentence.
    fn fixed(&self) -> usize {
        self.texts.iter().map(|text| text.chars().count()).sum()
    }

    /// What stands in the places of a sentence of this form, each as short as can be.
    fn values<'s>(&self, sentence: &'s str) -> Option<Vec<&'s str>> {
        let (first, others) = self.texts.split_first()?;
        let mut rest = sentence.strip_prefix(first.as_str())?;
        let Some((last, between)) = others.split_last() else {
            return rest.is_empty().then(Vec::new);
        };
        let mut values = Vec::new();
        for text in between {
            let (value, after) = rest.split_once(text.as_str())?;
            values.push(value);
            rest = after;
        }
        values.push(rest.strip_suffix(last.as_str())?);
        Some(values)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_sentence_is_said_in_the_words_of_its_most_particular_form() {
        let words = json!({
            "{what}: {why}": "{what} : {why}",
            "no sound output: {reason}": "pas de sortie son : {reason}",
            "there is no sound card": "il n’y a pas de carte son",
            "{a} of {b}": "de {b}, {a} {unknown}",
            "{ no place } {x}": "{x} { rien }",
        });
        let words = Words::new(words.as_object().unwrap());
        for (english, french) in [
            ("there is no sound card", "il n’y a pas de carte son"),
            ("there is no sound card!", "there is no sound card!"),
            (
                "no sound output: there is no sound card",
                "pas de sortie son : il n’y a pas de carte son",
            ),
            ("GPIO23: no sound output: a: b", "GPIO23 : pas de sortie son : a : b"),
            // A value may be a sentence too.
            ("one of two of three", "de de three, two , one "),
            ("{ no place } 1", "1 { rien }"),
            ("", ""),
        ] {
            assert_eq!(words.say(english), french, "{english}");
        }
    }

    #[test]
    fn the_words_that_are_embedded_can_be_read() {
        let words = include_str!(concat!(env!("OUT_DIR"), "/box-fr.json"));
        let words: Map<String, Value> = serde_json::from_str(words).unwrap();
        assert_eq!(Words::french().0.len(), words.len());
    }
}

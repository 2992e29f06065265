//! Changes of the configuration by the API: triggers, names of sounds, password.

use std::path::Path;

use serde_json::{Value, json};

use super::{
    ChangeError, FieldError, InForce, PasswordHash, State, Store,
    conf::{self, Document, Reading, TriggerBody},
    file::{Text, Unreadable},
};
use crate::engine::{SoundName, Trigger, TriggerId};

/// What became of a trigger that was put.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Placed {
    /// It is new.
    Created,
    /// It took another's place.
    Replaced,
}

impl Store {
    /// Puts a trigger in the place of the one with this id, if any. Keys that nobody knows stay.
    /// `check` is asked last, for what only the sound's file tells.
    pub fn put_trigger(
        &self,
        id: &TriggerId,
        body: &Value,
        check: impl FnOnce(&Trigger) -> Result<(), FieldError>,
    ) -> Result<Placed, ChangeError> {
        let put = |document: &mut Document| {
            let triggers = triggers_of(document)?;
            let mut body = body.clone();
            let known = triggers.get(&**id);
            if let (Some(new), Some(old)) = (body.as_object_mut(), known.and_then(Value::as_object))
            {
                for (key, value) in old {
                    if !TriggerBody::KEYS.contains(&key.as_str()) && !new.contains_key(key) {
                        new.insert(key.clone(), value.clone());
                    }
                }
            }
            let placed = if known.is_some() { Placed::Replaced } else { Placed::Created };
            triggers.insert(id.to_string(), body);
            Ok(placed)
        };
        self.change(put, |before, after| judge(id, before, after, check))
    }

    /// Merges a patch into a trigger (RFC 7396): `null` takes a key away.
    pub fn patch_trigger(
        &self,
        id: &TriggerId,
        patch: &Value,
        check: impl FnOnce(&Trigger) -> Result<(), FieldError>,
    ) -> Result<(), ChangeError> {
        let merge_in = |document: &mut Document| {
            let trigger =
                triggers_of(document)?.get_mut(&**id).ok_or(ChangeError::NoSuchTrigger)?;
            merge(trigger, patch);
            Ok(())
        };
        self.change(merge_in, |before, after| judge(id, before, after, check))
    }

    /// Deletes a trigger; whether there was one.
    pub fn delete_trigger(&self, id: &TriggerId) -> Result<bool, ChangeError> {
        let delete = |document: &mut Document| {
            triggers_of(document)?.shift_remove(&**id).map(drop).ok_or(ChangeError::NoSuchTrigger)
        };
        match self.change(delete, |_, _| Ok(())) {
            Ok(()) => Ok(true),
            Err(ChangeError::NoSuchTrigger) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Makes every trigger that plays one sound play another, in force or not.
    pub fn rename_sound(&self, from: &SoundName, to: &SoundName) -> Result<(), ChangeError> {
        let rename = |document: &mut Document| {
            for (_, trigger) in triggers_of(document)? {
                if let Some(sound) = trigger.get_mut("music_file").filter(|it| *it == &**from) {
                    *sound = json!(to);
                }
            }
            Ok(())
        };
        self.change(rename, |_, _| Ok(()))
    }

    /// Whether a trigger of the file plays this sound, in force or not.
    pub fn plays(&self, sound: &SoundName) -> bool {
        let state = self.lock();
        let triggers = state.text.document.get("triggers").and_then(Value::as_object);
        triggers.is_some_and(|all| {
            all.values().any(|one| one.get("music_file").is_some_and(|it| it == &**sound))
        })
    }

    /// Sets the password of the one user.
    pub fn set_password(&self, password: &str) -> Result<(), ChangeError> {
        let wrong = |message: String| FieldError { field: "password".into(), message };
        let hash = PasswordHash::of(password).map_err(|error| wrong(error.to_string()))?;
        let set = |document: &mut Document| {
            let auth = document.entry("auth").or_insert_with(|| json!({}));
            if !auth.is_object() {
                *auth = json!({});
            }
            merge(auth, &json!({ "password": hash.expose() }));
            Ok(())
        };
        self.change(set, |_, after| {
            // A wrong user name would leave the old password in force.
            let problem =
                after.problems.iter().find(|p| p.is_error() && p.path.starts_with("auth"));
            problem.map_or(Ok(()), |problem| Err(wrong(problem.to_string())))
        })
    }

    /// Names the certificate that is served and its key: relative to the data folder where they lie
    /// in it.
    pub fn set_certificate(&self, chain: &Path, key: &Path) -> Result<(), ChangeError> {
        let text = |path: &Path| {
            path.strip_prefix(&self.0.data).unwrap_or(path).to_string_lossy().into_owned()
        };
        let named = json!({ "tls_cert": text(chain), "tls_key": text(key) });
        let set = |document: &mut Document| {
            merge(document.entry("server").or_insert_with(|| json!({})), &named);
            Ok(())
        };
        self.change(set, |_, after| {
            let wrong = |p: &&super::Problem| p.is_error() && p.path.starts_with("server");
            let problem = after.problems.iter().find(wrong);
            let field = "certificate".to_owned();
            problem.map_or(Ok(()), |p| Err(FieldError { field, message: p.to_string() }))
        })
    }

    /// Changes the document, asks whether what comes of it is right, and writes it.
    pub(super) fn change<T>(
        &self,
        edit: impl FnOnce(&mut Document) -> Result<T, ChangeError>,
        judge: impl FnOnce(&InForce, &Reading) -> Result<(), FieldError>,
    ) -> Result<T, ChangeError> {
        let mut state = self.lock();
        self.take_in_hand_edit(&mut state)?;
        let mut document = state.text.document.clone();
        let value = edit(&mut document)?;
        let reading = conf::read(&document, &state.good, &self.0.data);
        judge(&self.0.in_force.load(), &reading)?;
        if document == state.text.document {
            return Ok(value); // cards wear out
        }
        let bytes = self.replace(&state.text.bytes, &document)?;
        state.text = Text { bytes, document };
        state.notices.clear();
        self.publish(&mut state, reading);
        Ok(value)
    }

    pub(super) fn take_in_hand_edit(&self, state: &mut State) -> Result<(), ChangeError> {
        match self.0.files.read() {
            Ok(text) if text.bytes == state.text.bytes => Ok(()),
            Ok(text) => {
                tracing::info!("conf.json was edited by hand: the edit is in force now");
                self.install(state, text);
                Ok(())
            }
            Err(Unreadable::Missing) => Ok(()),
            Err(Unreadable::Access(reason) | Unreadable::Content(reason)) => {
                Err(ChangeError::HandEdit(format!("{reason}: mend it first")))
            }
        }
    }
}

/// Whether a changed trigger is right, and every other one still rings.
fn judge(
    id: &TriggerId,
    before: &InForce,
    after: &Reading,
    check: impl FnOnce(&Trigger) -> Result<(), FieldError>,
) -> Result<(), FieldError> {
    let wrong = |id: &TriggerId| {
        let path = conf::trigger_path(id);
        let mut errors = after.problems.iter().filter(|problem| problem.is_error());
        errors.find_map(|problem| Some((problem.below(&path)?, problem)))
    };
    if let Some((field, problem)) = wrong(id) {
        return Err(FieldError { field: field.into(), message: problem.message.clone() });
    }
    let on_type = |message| FieldError { field: "type".into(), message };
    let (before, after) = (&before.conf.bells.triggers, &after.conf.bells.triggers);
    // One that stands later in the file would be left out for ours.
    let lost = before.keys().find(|other| *other != id && !after.contains_key(*other));
    if let Some(lost) = lost {
        let why = wrong(lost).map(|(_, problem)| format!(" ({problem})")).unwrap_or_default();
        return Err(on_type(format!("with it, trigger {lost} would no longer ring{why}")));
    }
    let trigger = after.get(id);
    trigger.map_or_else(|| Err(on_type("it would not be in force".into())), check)
}

fn triggers_of(document: &mut Document) -> Result<&mut Document, ChangeError> {
    let triggers = document.entry("triggers").or_insert_with(|| json!({}));
    if triggers.is_null() {
        *triggers = json!({});
    }
    let found = conf::found(triggers);
    let wrong = || {
        ChangeError::HandEdit(format!("triggers: found {found}, expected an object: mend it first"))
    };
    triggers.as_object_mut().ok_or_else(wrong)
}

/// RFC 7396.
pub(super) fn merge(target: &mut Value, patch: &Value) {
    let Value::Object(patch) = patch else {
        *target = patch.clone();
        return;
    };
    if !target.is_object() {
        *target = json!({});
    }
    let Value::Object(target) = target else { return };
    for (key, value) in patch {
        if value.is_null() {
            target.shift_remove(key);
        } else {
            merge(target.entry(key.clone()).or_insert(Value::Null), value);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_patch_merges_as_rfc_7396_says() {
        for (mut target, patch, expected) in [
            (json!({"a": 1}), json!({"a": 2}), json!({"a": 2})),
            (json!({"a": 1}), json!({"b": 2}), json!({"a": 1, "b": 2})),
            (json!({"a": 1, "b": 2}), json!({"a": null}), json!({"b": 2})),
            (json!({"a": [1, 2]}), json!({"a": [null]}), json!({"a": [null]})),
            (json!({"a": {"b": 1, "c": 2}}), json!({"a": {"b": null}}), json!({"a": {"c": 2}})),
            (json!({"a": 1}), json!({"a": {"b": {"c": null}}}), json!({"a": {"b": {}}})),
            (json!({"a": 1}), json!([2]), json!([2])),
            (json!([1]), json!({"a": 1, "b": null}), json!({"a": 1})),
        ] {
            merge(&mut target, &patch);
            assert_eq!(target, expected, "{patch}");
        }
    }
}

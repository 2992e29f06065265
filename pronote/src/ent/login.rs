//! The login form of a page, and how it is filled.

use super::{
    credentials::{Credentials, Profile},
    form::{Field, FieldKind, Filled, Form},
    page::Page,
};

/// Names that portals give to the user's name, the likeliest first.
const USERS: [&str; 8] =
    ["j_username", "username", "login", "user", "identifiant", "email", "userid", "name"];

/// Whether this form asks for a user and one password.
pub fn is_login(form: &Form) -> bool {
    let passwords = form.fields.iter().filter(|f| is_password(f)).count();
    passwords == 1 && user_field(form).is_some() && form.action.is_some()
}

/// The login form of `page` for these credentials: the one of their profile, where a page has a
/// form for pupils and another for parents, or else the first.
pub fn choose<'a>(page: &'a Page, first: usize, credentials: &Credentials) -> Option<&'a Form> {
    let profile = credentials.profile().education_connect();
    let mut forms = page.forms.iter().filter(|form| is_login(form));
    forms
        .find(|form| {
            profile.is_some() && form.field("typeUser").map(|f| f.value.as_str()) == profile
        })
        .or_else(|| page.forms.get(first))
}

/// The names of a login form's fields for user and password.
pub fn fields(form: &Form) -> Option<(String, String)> {
    let password = form.fields.iter().find(|f| is_password(f))?;
    Some((user_field(form)?.name.clone(), password.name.clone()))
}

/// The form, filled.
pub fn fill(form: &Form, credentials: &Credentials) -> Option<Filled> {
    let (user, password) = fields(form)?;
    let mut filled = form.fill()?;
    filled.set(&user, credentials.user());
    filled.set(&password, credentials.password());
    if password == "j_password" {
        as_education_connect(&mut filled, credentials.profile());
    }
    Some(filled)
}

/// EduConnect's page is Shibboleth's, and a script of it adds who logs in.
fn as_education_connect(filled: &mut Filled, profile: Profile) {
    if let Some(kind) = profile.education_connect() {
        filled.set("typeUser", kind);
    }
    if !filled.has("_eventId_proceed") {
        filled.set("_eventId_proceed", "");
    }
    // Ticked by default on some servers, it would wipe what the person had agreed to.
    filled.remove("_shib_idp_revokeConsent");
}

fn is_password(field: &Field) -> bool {
    field.kind == FieldKind::Password && !field.disabled && !field.name.is_empty()
}

/// The text field of a known name, or else the last one before the password.
fn user_field(form: &Form) -> Option<&Field> {
    let texts = || {
        let before = form.fields.iter().take_while(|f| !is_password(f));
        before.filter(|f| f.kind == FieldKind::Text && !f.disabled && !f.name.is_empty())
    };
    let named = |name: &&str| texts().find(|f| f.name.eq_ignore_ascii_case(name));
    USERS.iter().find_map(named).or_else(|| texts().last())
}

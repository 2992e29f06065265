//! Requests and responses of a call, in every generation's names.
//!
//! Writing follows the generation to the letter. A client reads any generation's names; a server is strict.

use serde_json::{Map, Value, json};

use super::{
    crypto::Cipher,
    error::Refusal,
    generation::{GENERATIONS, Names},
    packing::{Author, Packing, PackingError},
    tree::Tree,
    value::Node,
};

/// One call of a function.
#[derive(Debug, Clone, PartialEq)]
pub struct Request {
    /// The session's number, `h` of the start page.
    pub session: u32,
    /// The order number, encrypted.
    pub order: String,
    /// The function.
    pub function: String,
    /// Its parameters.
    pub data: Value,
    /// The tab that calls, and for whom; absent before the user is known.
    pub signature: Option<Value>,
}

/// The answer to a call, as a server writes it.
#[derive(Debug, Clone, PartialEq)]
pub struct Response {
    /// The session's number.
    pub session: u32,
    /// The order number, encrypted.
    pub order: String,
    /// The function.
    pub function: String,
    /// What was asked for; `null` where the server left it out.
    pub data: Value,
    /// Notifications, and the errors of the function itself.
    pub signature: Value,
    /// `RapportSaisie`: what came of a write.
    pub report: Value,
    /// What is never encrypted: the blobs that values of type 25 point to.
    pub unsecured: Value,
}

/// The answer to a call, as a client reads it.
#[derive(Debug)]
pub struct Answer {
    envelope: Tree,
    /// The secured part, where it was packed; it stands in the envelope otherwise.
    unpacked: Option<Tree>,
}

/// Why an envelope could not be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EnvelopeError {
    /// The server refused the call as a whole.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The server asks to be asked again, after so many milliseconds.
    #[error("PRONOTE asks to be asked again in {0} ms")]
    Wait(u32),
    /// No JSON object.
    #[error("expected a JSON object from PRONOTE, found something else")]
    NotJson,
    /// A part is missing.
    #[error("expected {0} in the envelope, found none")]
    Missing(&'static str),
    /// The secured part is unreadable.
    #[error(transparent)]
    Packing(#[from] PackingError),
}

impl Request {
    /// Writes the body of a call.
    pub fn write(&self, names: &Names, packing: Packing, cipher: &Cipher) -> String {
        let mut secured = Map::new();
        // `null` means no parameters at all.
        if !self.data.is_null() {
            secured.insert(names.payload.to_owned(), self.data.clone());
        }
        if let Some(signature) = &self.signature {
            secured.insert(names.signature.to_owned(), signature.clone());
        }
        let secured = packing.pack(Author::Client, Value::Object(secured), cipher);
        json!({
            names.session: self.session,
            names.order: self.order,
            names.function: self.function,
            names.secured: secured,
        })
        .to_string()
    }

    /// Reads the body of a call, as a server of these names.
    pub fn read(
        body: &[u8],
        names: &Names,
        packing: Packing,
        cipher: &Cipher,
    ) -> Result<Self, EnvelopeError> {
        let mut body = object(body)?;
        let text = |body: &Map<String, Value>, name| {
            body.get(name).and_then(Value::as_str).map(str::to_owned)
        };
        let session = body.get(names.session).and_then(Value::as_u64);
        let session = session.and_then(|number| u32::try_from(number).ok());
        let order = text(&body, names.order).ok_or(EnvelopeError::Missing(names.order))?;
        let function = text(&body, names.function).ok_or(EnvelopeError::Missing(names.function))?;
        let secured = body.remove(names.secured).ok_or(EnvelopeError::Missing(names.secured))?;
        let mut secured = packing.unpack(Author::Client, secured, cipher)?;
        Ok(Self {
            session: session.ok_or(EnvelopeError::Missing(names.session))?,
            order,
            function,
            data: take(&mut secured, names.payload).unwrap_or_default(),
            signature: take(&mut secured, names.signature),
        })
    }
}

impl Response {
    /// Writes the body of an answer.
    pub fn write(self, names: &Names, packing: Packing, cipher: &Cipher) -> String {
        let mut secured = Map::new();
        secured.insert(names.payload.to_owned(), self.data);
        secured.insert("nom".to_owned(), self.function.as_str().into());
        for (name, value) in [(names.signature, self.signature), ("RapportSaisie", self.report)] {
            if !value.is_null() {
                secured.insert(name.to_owned(), value);
            }
        }
        let secured = packing.pack(Author::Server, Value::Object(secured), cipher);
        let mut body = Map::new();
        body.insert(names.session.to_owned(), self.session.into());
        body.insert(names.order.to_owned(), self.order.into());
        body.insert(names.function.to_owned(), self.function.into());
        body.insert(names.secured.to_owned(), secured);
        if !self.unsecured.is_null() {
            body.insert(names.unsecured.to_owned(), self.unsecured);
        }
        Value::Object(body).to_string()
    }
}

impl Answer {
    /// Reads the body of an answer, whatever generation's names it uses.
    pub fn read(body: &[u8], packing: Packing, cipher: &Cipher) -> Result<Self, EnvelopeError> {
        let envelope = Tree::read(body).ok_or(EnvelopeError::NotJson)?;
        let top = Node::new(&envelope);
        if !top.is_object() {
            return Err(EnvelopeError::NotJson);
        }
        let error = top.field("Erreur");
        if error.is_there() {
            return Err(Refusal::read(error).into());
        }
        no_wait(top)?;
        let secured = top.either(&every(|names| names.secured));
        if !secured.is_there() {
            return Err(EnvelopeError::Missing("dataSec"));
        }
        let unpack = |text| {
            let json = packing.unpack_text(Author::Server, text, cipher)?;
            Tree::read(&json).ok_or(PackingError::NotJson)
        };
        let unpacked = secured.str().map(unpack).transpose()?;
        no_wait(unpacked.as_ref().map_or(secured, Node::new))?;
        Ok(Self { envelope, unpacked })
    }

    /// What was asked for; nothing where the server left it out.
    pub fn data(&self) -> Node<'_> {
        self.secured().either(&every(|names| names.payload))
    }

    /// `RapportSaisie`: what came of a write.
    pub fn report(&self) -> Node<'_> {
        self.secured().field("RapportSaisie")
    }

    /// Notifications, and the errors of the function itself.
    pub fn signature(&self) -> Node<'_> {
        self.secured().either(&every(|names| names.signature))
    }

    /// What is never encrypted: the files that values of type 25 point to.
    pub fn unsecured(&self) -> Node<'_> {
        Node::new(&self.envelope).either(&every(|names| names.unsecured))
    }

    /// The refusal of the function itself, which stands in the signature.
    pub fn refusal(&self) -> Option<Refusal> {
        let signature = self.signature();
        let error = signature.field("Erreur");
        if !error.is_there() || error.flag() == Some(false) {
            return None;
        }
        let mut refusal = Refusal::read(error);
        if let Some(code) = error.integer() {
            refusal = Refusal::new(code, "");
        }
        refusal.message = signature.field("MessageErreur").text().or(refusal.message);
        Some(refusal)
    }

    fn secured(&self) -> Node<'_> {
        match &self.unpacked {
            Some(unpacked) => Node::new(unpacked),
            None => Node::new(&self.envelope).either(&every(|names| names.secured)),
        }
    }
}

fn object(body: &[u8]) -> Result<Map<String, Value>, EnvelopeError> {
    serde_json::from_slice(body).map_err(|_| EnvelopeError::NotJson)
}

/// A name in every generation, the newest first.
fn every(field: fn(&Names) -> &'static str) -> [&'static str; GENERATIONS.len()] {
    let mut names = GENERATIONS.each_ref().map(|generation| field(generation.names));
    names.reverse();
    names
}

fn take(value: &mut Value, name: &str) -> Option<Value> {
    value.as_object_mut()?.remove(name)
}

fn no_wait(node: Node<'_>) -> Result<(), EnvelopeError> {
    let wait = node.either(&every(|names| names.wait));
    if wait.is_there() { Err(EnvelopeError::Wait(delay_ms(wait))) } else { Ok(()) }
}

fn delay_ms(wait: Node<'_>) -> u32 {
    let seconds = wait.field("ParametresAtt").field("delai").number().unwrap_or(0.5);
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // saturates and is bounded
    let ms = (seconds.clamp(0.1, 10.0) * 1000.0) as u32;
    ms
}

#[cfg(test)]
mod tests {
    use super::*;

    const PACKINGS: [Packing; 4] = [
        Packing { encrypted: false, compressed: false },
        Packing { encrypted: true, compressed: false },
        Packing { encrypted: false, compressed: true },
        Packing { encrypted: true, compressed: true },
    ];

    #[test]
    fn a_request_is_read_as_it_was_written_in_every_generation() {
        let request = Request {
            session: 3_622_780,
            order: "AB".to_owned(),
            function: "PageMenus".to_owned(),
            data: json!({"date": {"_T": 7, "V": "7/9/2026 0:0:0"}}),
            signature: Some(json!({"onglet": 10})),
        };
        for generation in &GENERATIONS {
            for packing in PACKINGS {
                let cipher = Cipher::initial();
                let body = request.write(generation.names, packing, &cipher);
                let back = Request::read(body.as_bytes(), generation.names, packing, &cipher);
                assert_eq!(back, Ok(request.clone()));
            }
        }
    }

    #[test]
    fn a_response_is_read_whatever_its_names() {
        let response = Response {
            session: 7,
            order: "AB".to_owned(),
            function: "PageMenus".to_owned(),
            data: json!({"date": {"_T": 7, "V": "7/9/2026 0:0:0"}}),
            signature: json!({"ModeExclusif": false}),
            report: json!({"messageToast": "ok"}),
            unsecured: json!({"fichiers": ["AAAA"]}),
        };
        for generation in &GENERATIONS {
            for packing in PACKINGS {
                let cipher = Cipher::initial();
                let body = response.clone().write(generation.names, packing, &cipher);
                let back = Answer::read(body.as_bytes(), packing, &cipher).unwrap();
                assert_eq!(back.data().field("date").str(), Some("7/9/2026 0:0:0"));
                assert_eq!(back.report().field("messageToast").str(), Some("ok"));
                assert_eq!(back.refusal(), None);
            }
        }
    }

    #[test]
    fn refusals_and_waits_are_told_apart() {
        let read = |body: &str| {
            Answer::read(body.as_bytes(), Packing::default(), &Cipher::initial()).unwrap_err()
        };
        let refused = read(r#"{"Erreur":{"G":22,"Titre":"x"}}"#);
        assert_eq!(refused, EnvelopeError::Refused(Refusal::new(22, "x")));
        let wait = r#"{"SignatureAttente":{"ParametresAtt":{"delai":2}}}"#;
        assert_eq!(read(wait), EnvelopeError::Wait(2000));
        assert_eq!(read("[]"), EnvelopeError::NotJson);
        assert_eq!(read("<html>"), EnvelopeError::NotJson);
        assert_eq!(read("{}"), EnvelopeError::Missing("dataSec"));
    }

    #[test]
    fn a_function_refuses_in_its_signature() {
        let body =
            r#"{"dataSec":{"data":{},"Signature":{"Erreur":{"G":3},"MessageErreur":"non"}}}"#;
        let answer = Answer::read(body.as_bytes(), Packing::default(), &Cipher::initial()).unwrap();
        let refusal = answer.refusal().unwrap();
        assert_eq!((refusal.code, refusal.message.as_deref()), (3, Some("non")));
    }
}

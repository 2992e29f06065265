//! Discussions of one account: what is in them, and what became of them.
//!

use std::time::Duration;

use jiff::civil::DateTime;

pub(crate) struct Mailbox {
    pub discussions: Vec<Discussion>,
    next_message: u32,
}

pub(crate) struct Discussion {
    pub subject: String,
    /// `None`: we opened it.
    pub creator: Option<String>,
    pub recipients: Vec<String>,
    pub messages: Vec<Message>,
    pub draft: Option<Draft>,
    pub is_closed: bool,
    pub is_trashed: bool,
    pub is_deleted: bool,
    /// Deeper than 0: a discussion inside another one.
    pub depth: u32,
}

pub(crate) struct Message {
    pub number: u32,
    /// `None`: we wrote it.
    pub author: Option<String>,
    pub hint: &'static str,
    pub text: String,
    pub is_html: bool,
    pub at: DateTime,
    pub is_read: bool,
    /// The message that it answers.
    pub answers: Option<u32>,
    pub files: Vec<u32>,
}

pub(crate) struct Draft {
    pub number: u32,
    pub text: String,
}

const DISCUSSIONS_KEPT: usize = 200;
const MESSAGES_KEPT: usize = 200;
const TEXT_KEPT: usize = 20_000;

impl Mailbox {
    /// The mailbox as the school year has filled it.
    pub(crate) fn new(now: DateTime) -> Self {
        let mut mailbox = Self { discussions: Vec::new(), next_message: 1 };
        let ago = |hours: u64| now.saturating_sub(Duration::from_secs(hours * 3600));
        mailbox.seed("Sortie au musée 🖼️", "Mme COQUELICOT S.", &[
            (true, "<div>Bonjour,<br/>merci de rendre l'autorisation <b>signée</b> avant vendredi.</div>", ago(50), true),
            (false, "C'est noté, merci !", ago(48), true),
            (true, "Parfait.\nÀ bientôt & bonne journée", ago(3), false),
        ]);
        mailbox.seed(
            "Absence de mardi",
            "M. SATIN D.",
            &[
                (true, "Pouvez-vous préciser le motif ? < 24 h", ago(200), true),
                (false, "Rendez-vous médical — certificat joint.", ago(190), true),
            ],
        );
        mailbox.seed(
            "",
            "Mme L'HERMINE-BROCARD Y.",
            &[(
                true,
                "<p>&Eacute;l&egrave;ve&nbsp;: &laquo;&nbsp;tr&egrave;s bien&nbsp;&raquo; 👏</p>",
                ago(400),
                false,
            )],
        );
        mailbox.seed(
            "Conseil d'administration (clos)",
            "Mme AVERSE P.",
            &[(true, "Discussion close.", ago(900), true)],
        );
        mailbox.seed(
            "Re: sous-groupe",
            "M. NIMBUS O.",
            &[(true, "Une discussion dans une autre.", ago(49), true)],
        );
        mailbox.seed("Vieux sujet", "M. GRAVIER N.", &[(true, "À la corbeille.", ago(2000), true)]);
        for (index, discussion) in (0..).zip(&mut mailbox.discussions) {
            discussion.is_closed = index == 3;
            discussion.depth = u32::from(index == 4);
            discussion.is_trashed = index == 5;
        }
        if let Some(message) =
            mailbox.discussions.first_mut().and_then(|first| first.messages.first_mut())
        {
            message.files = vec![0, 2];
        }
        mailbox
    }

    /// Opens a discussion of ours.
    pub(crate) fn create(
        &mut self,
        subject: &str,
        text: &str,
        recipients: Vec<String>,
        at: DateTime,
    ) {
        if self.discussions.len() >= DISCUSSIONS_KEPT {
            self.discussions.remove(0);
        }
        self.discussions.push(Discussion {
            subject: clip(subject),
            creator: None,
            recipients,
            messages: Vec::new(),
            draft: None,
            is_closed: false,
            is_trashed: false,
            is_deleted: false,
            depth: 0,
        });
        if let Some(last) = self.discussions.len().checked_sub(1) {
            self.write(last, None, text, false, at, true);
        }
    }

    /// Adds a message to a discussion: an author's, or ours.
    pub(crate) fn write(
        &mut self,
        discussion: usize,
        author: Option<&str>,
        text: &str,
        is_html: bool,
        at: DateTime,
        is_read: bool,
    ) {
        let number = self.next_number();
        let Some(discussion) = self.discussions.get_mut(discussion) else { return };
        if discussion.messages.len() >= MESSAGES_KEPT {
            discussion.messages.remove(0);
        }
        let answers = discussion.messages.last().map(|message| message.number);
        discussion.messages.push(Message {
            number,
            author: author.map(str::to_owned),
            hint: "Professeur",
            text: clip(text),
            is_html,
            at,
            is_read,
            answers,
            files: Vec::new(),
        });
    }

    pub(crate) fn next_number(&mut self) -> u32 {
        self.next_message += 1;
        self.next_message - 1
    }

    /// The discussion that a message is in.
    pub(crate) fn of_message(&self, number: u32) -> Option<usize> {
        self.discussions.iter().position(|discussion| {
            discussion.messages.iter().any(|message| message.number == number)
                || discussion.draft.as_ref().is_some_and(|draft| draft.number == number)
        })
    }

    fn seed(&mut self, subject: &str, author: &str, messages: &[(bool, &str, DateTime, bool)]) {
        let first = messages.first().map_or_else(DateTime::default, |message| message.2);
        self.create(subject, "", vec![author.to_owned()], first);
        let Some(last) = self.discussions.len().checked_sub(1) else { return };
        if let Some(discussion) = self.discussions.get_mut(last) {
            discussion.creator = Some(author.to_owned());
            discussion.messages.clear();
        }
        for (is_theirs, text, at, is_read) in messages {
            self.write(
                last,
                is_theirs.then_some(author),
                text,
                text.starts_with('<'),
                *at,
                *is_read,
            );
        }
    }
}

pub(crate) fn clip(text: &str) -> String {
    text.chars().take(TEXT_KEPT).collect()
}

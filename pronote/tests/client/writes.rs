//! Writes, before and after PRONOTE has forgotten the session.
//!

use jiff::ToSpan;
use pronote_client::{
    Client, Error, LoginError, Secret, Unavailable,
    features::{Answer, QuestionKind},
    login::SecurityMode,
    protocol::space::Space,
};

use super::{NOW, PACKINGS, Simulator, VERSIONS, account, log_in, options, pupil, start};

/// A client in each generation, with and without an end of its session in between.
async fn clients() -> Vec<(Simulator, Client, bool)> {
    let mut clients = Vec::new();
    for version in VERSIONS {
        for ends in [false, true] {
            let simulator = start(options(version, PACKINGS[1]));
            let client = pupil(&simulator).await;
            clients.push((simulator, client, ends));
        }
    }
    clients
}

fn forget(simulator: &Simulator, ends: bool) {
    if ends {
        simulator.control().end_sessions();
    }
}

#[tokio::test]
async fn homework_is_ticked() {
    let (from, to) = (NOW.date(), NOW.date().saturating_add(2.weeks()));
    for (simulator, client, ends) in clients().await {
        let listed = client.homework(from, to).await.unwrap();
        let homework = listed.iter().find(|homework| homework.is_done == Some(false)).unwrap();
        forget(&simulator, ends);
        client.set_homework_done(homework, true).await.unwrap();
        let listed = client.homework(from, to).await.unwrap();
        let found = listed.iter().find(|listed| listed.key == homework.key).unwrap();
        assert_eq!(found.is_done, Some(true), "{:?} {ends}", client.version());
    }
}

#[tokio::test]
async fn news_are_marked_as_read() {
    for (simulator, client, ends) in clients().await {
        let news = client.news().await.unwrap();
        let unread = news.iter().find(|news| !news.is_read).unwrap();
        forget(&simulator, ends);
        client.set_news_read(unread, true).await.unwrap();
        let news = client.news().await.unwrap();
        assert!(news.iter().find(|news| news.key == unread.key).unwrap().is_read);
    }
}

#[tokio::test]
async fn a_survey_is_answered() {
    for (simulator, client, ends) in clients().await {
        let news = client.news().await.unwrap();
        let mut answered = 0;
        for survey in news.iter().filter(|news| news.is_survey) {
            let questions = client.news_detail(survey).await.unwrap().questions;
            let answers: Vec<_> = questions.iter().map(|question| answer(question.kind)).collect();
            forget(&simulator, ends);
            client.answer_news(survey, &answers).await.unwrap();
            let listed = client.news().await.unwrap();
            let listed = listed.iter().find(|listed| listed.key == survey.key).unwrap();
            let questions = client.news_detail(listed).await.unwrap().questions;
            for (question, answer) in questions.iter().zip(&answers) {
                if *answer != Answer::Nothing {
                    assert!(question.is_answered, "{:?} {question:?}", client.version());
                    answered += 1;
                }
            }
        }
        assert!(answered > 0);
    }
}

fn answer(kind: QuestionKind) -> Answer {
    match kind {
        QuestionKind::FreeText => Answer::Text("Oui, à 8 h".to_owned()),
        QuestionKind::SingleChoice => Answer::Choices(vec![1], None),
        QuestionKind::MultipleChoice => Answer::Choices(vec![1, 2], None),
        QuestionKind::Acknowledge => Answer::Acknowledged,
        _ => Answer::Nothing,
    }
}

#[tokio::test]
async fn discussions_are_written_to() {
    for (simulator, client, ends) in clients().await {
        let mut replied = None;
        for discussion in client.discussions().await.unwrap() {
            let conversation = client.conversation(&discussion).await.unwrap();
            forget(&simulator, ends);
            let reply = client.reply(&discussion, "Bien reçu <merci> & à demain").await;
            if conversation.can_reply {
                reply.unwrap();
                replied = Some((discussion, conversation.messages.len()));
                break;
            }
            let closed = Error::Unavailable {
                feature: "writing to discussions",
                reason: Unavailable::SwitchedOff,
            };
            assert_eq!(reply.unwrap_err().to_string(), closed.to_string());
        }
        let (discussion, before) = replied.unwrap();
        let messages = client.conversation(&discussion).await.unwrap().messages;
        assert_eq!(messages.len(), before + 1);
        assert!(messages.iter().any(|message| message.content == "Bien reçu <merci> & à demain"));
        client.set_discussion_read(&discussion, true).await.unwrap();
        client.trash_discussion(&discussion).await.unwrap();
        let left = client.discussions().await.unwrap();
        assert!(left.iter().all(|left| left.key != discussion.key));
        client.restore_discussion(&discussion).await.unwrap();
        assert!(client.discussions().await.unwrap().iter().any(|d| d.key == discussion.key));
    }
}

#[tokio::test]
async fn an_account_is_guarded_otherwise() {
    let simulator = super::newest();
    let basile = account(Space::Pupil, "basile");
    let client = log_in(&simulator, basile).await.unwrap();
    let device = async || client.account_security().await.unwrap().devices.pop();
    client.rename_device(&device().await.unwrap(), "Le salon").await.unwrap();
    assert_eq!(device().await.unwrap().name.as_deref(), Some("Le salon"));
    client.forget_device(&device().await.unwrap()).await.unwrap();
    assert_eq!(device().await, None);
    let (old, new) = (Secret::from(basile.password), Secret::from("N0uveau!Mot"));
    let wrong = client.change_password(&new, &new).await.unwrap_err();
    assert!(matches!(wrong, Error::Refused(_)), "{wrong}");
    client.change_password(&old, &new).await.unwrap();
    client.change_username(&new, "basile.n").await.unwrap();
    simulator.control().end_sessions();
    client.staff().await.unwrap();
    let gone = log_in(&simulator, basile).await;
    assert!(matches!(gone, Err(Error::Login(LoginError::WrongCredentials))), "{gone:?}");
}

#[tokio::test]
async fn a_pin_is_set_and_proven() {
    let simulator = super::newest();
    let client = log_in(&simulator, account(Space::Pupil, "demonstration")).await.unwrap();
    let mode = async || client.account_security().await.unwrap().mode;
    assert_eq!(mode().await, Some(SecurityMode::Off));
    let [first, second] = ["1357", "2468"].map(Secret::from);
    client.set_pin(&first, None).await.unwrap();
    assert_eq!(mode().await, Some(SecurityMode::Pin));
    for wrong in [None, Some(&second)] {
        client.set_pin(&second, wrong).await.unwrap_err();
        client.set_security_mode(SecurityMode::Notify, wrong).await.unwrap_err();
    }
    client.set_pin(&second, Some(&first)).await.unwrap();
    client.set_security_mode(SecurityMode::Notify, Some(&second)).await.unwrap();
    assert_eq!(mode().await, Some(SecurityMode::Notify));
}

#[tokio::test]
async fn a_discussion_is_begun() {
    for (simulator, client, ends) in clients().await {
        let recipients = client.recipients().await.unwrap();
        let open: Vec<_> =
            recipients.into_iter().filter(|to| to.has_discussions != Some(false)).take(1).collect();
        forget(&simulator, ends);
        client.create_discussion("Une question", "Bonjour", &open).await.unwrap();
        let listed = client.discussions().await.unwrap();
        assert!(listed.iter().any(|discussion| discussion.subject == "Une question"));
    }
}

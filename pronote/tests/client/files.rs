//! Files, and what finds them again when their addresses have died.
//!

use std::collections::BTreeMap;

use pronote_client::{
    Client, Error, LoginOptions,
    features::{Attachment, FileRef},
    http::HttpFault,
    protocol::space::Space,
    simulator::Fault,
};

use super::{NOW, account, log_in, newest, pupil, transport};

/// Every file that the client is told of, by what finds it again.
async fn files(client: &Client) -> BTreeMap<String, Attachment> {
    let (from, to) = (client.school().first_monday.unwrap(), NOW.date());
    let mut listed: Vec<Attachment> = Vec::new();
    listed.extend(
        client.homework(from, to).await.unwrap().into_iter().flat_map(|found| found.attachments),
    );
    let contents = client.lesson_contents(from, to).await.unwrap().into_iter();
    listed
        .extend(contents.flat_map(|found| found.parts).flat_map(|part| part.attachments).take(20));
    for news in client.news().await.unwrap() {
        listed.extend(client.news_detail(&news).await.unwrap().attachments().cloned());
    }
    for discussion in client.discussions().await.unwrap() {
        let conversation = client.conversation(&discussion).await.unwrap();
        listed.extend(conversation.messages.into_iter().flat_map(|message| message.attachments));
    }
    for period in client.periods() {
        let attendance = client.attendance(&period).await.unwrap();
        for found in attendance.punishments {
            listed.extend(found.circumstance_files.into_iter().chain(found.homework_files));
        }
        for mark in client.marks(&period).await.unwrap().marks {
            for file in [mark.subject_ref, mark.answer_ref].into_iter().flatten() {
                listed.push(client.find_file(&file).await.unwrap());
            }
        }
    }
    let files = listed.into_iter().filter(|file| file.kind.code() == 1);
    files.map(|file| (file.file_ref.as_ref().unwrap().to_string(), file)).collect()
}

#[tokio::test]
async fn every_file_is_found_again_in_a_later_session_by_another_process() {
    let simulator = newest();
    let client = pupil(&simulator).await;
    let files = files(&client).await;
    for kind in ["homework", "content", "news", "message", "attendance", "mark"] {
        assert!(files.keys().any(|text| text.starts_with(kind)), "none in {kind}");
    }
    // One of each place: to look one up is to list its place again.
    let mut chosen: BTreeMap<_, _> =
        files.iter().map(|(text, file)| (text.split('.').next(), (text, file))).collect();
    let photo = client.photo_ref().unwrap().to_string();
    let mut before = BTreeMap::new();
    for (text, file) in chosen.values() {
        before.insert((*text).clone(), client.download(file).await.unwrap());
    }
    before.insert(photo, client.photo().await.unwrap());
    let export = client.export().await;
    simulator.control().end_sessions();
    simulator.control().forget_calls();
    let other = Client::import(&transport(), &export, LoginOptions::default());
    for (text, bytes) in &before {
        let file: FileRef = text.parse().unwrap();
        assert_eq!(&other.fetch(&file).await.unwrap(), bytes, "{text}");
    }
    assert_eq!(simulator.control().count("Authentification"), 1);
    // Who still holds what was listed before needs no reference.
    for (text, file) in std::mem::take(&mut chosen).into_values() {
        assert_eq!(client.download(file).await.unwrap(), before[text], "{text}");
    }
}

#[tokio::test]
async fn a_child_s_file_is_found_by_the_parent_and_by_nobody_else() {
    let simulator = newest();
    let parent = log_in(&simulator, account(Space::Parent, "demonstration")).await.unwrap();
    let second = parent.for_child(parent.children()[1].key).unwrap();
    let files = files(&second).await;
    let file: FileRef = files.keys().next().unwrap().parse().unwrap();
    parent.fetch(&file).await.unwrap();
    let stranger = pupil(&simulator).await;
    assert!(matches!(stranger.fetch(&file).await, Err(Error::Gone(_))));
}

#[tokio::test]
async fn a_file_that_fails_in_a_living_session_is_not_looked_for() {
    let simulator = newest();
    let client = pupil(&simulator).await;
    let from = client.school().first_monday.unwrap();
    let homework = client.homework(from, NOW.date()).await.unwrap();
    let mut listed = homework.iter().flat_map(|homework| &homework.attachments);
    let file = listed.find(|file| file.kind.code() == 1).unwrap();
    let control = simulator.control();
    for status in [404, 500] {
        control.forget_calls();
        control.plan(Fault::Status(status).once().at("file"));
        let error = client.download(file).await.unwrap_err();
        assert!(
            matches!(error, Error::Http(ref error) if error.fault == HttpFault::Status(status)),
            "{error}"
        );
        assert_eq!((control.count("file"), control.count("Authentification")), (1, 0));
        assert_eq!(control.count("PageCahierDeTexte"), 0, "{status}");
    }
}

//! Sessions: shared, put away, ended, and what callers hold meanwhile.
//!

use pronote_client::{
    Client, Error, Export, LoginOptions, client::PushKind, protocol::space::Space,
};

use super::{NOW, account, log_in, newest, pupil, transport};

#[tokio::test]
async fn calls_of_one_session_take_turns() {
    let simulator = newest();
    let client = pupil(&simulator).await;
    simulator.control().forget_calls();
    let calls = (0..20).map(|_| {
        let client = client.clone();
        tokio::spawn(async move { client.staff().await.unwrap().len() })
    });
    for call in calls.collect::<Vec<_>>() {
        assert!(call.await.unwrap() > 0);
    }
    assert_eq!(simulator.control().count("Authentification"), 0, "no number was out of order");
}

#[tokio::test]
async fn another_process_goes_on_with_an_exported_session() {
    let simulator = newest();
    let client = pupil(&simulator).await;
    let (from, to) = (NOW.date(), NOW.date());
    let before = client.timetable(from, to).await.unwrap();
    let text = serde_json::to_string(&client.export().await).unwrap();
    drop(client);
    simulator.control().forget_calls();
    let export: Export = serde_json::from_str(&text).unwrap();
    let client = Client::import(&transport(), &export, LoginOptions::default());
    assert_eq!(client.timetable(from, to).await.unwrap(), before);
    assert_eq!(simulator.control().count("Authentification"), 0);
    simulator.control().end_sessions();
    let again = client.timetable(from, to).await.unwrap();
    let keys = |table: &pronote_client::features::Timetable| -> Vec<_> {
        table.lessons.iter().map(|lesson| lesson.key).collect()
    };
    assert_eq!(keys(&again), keys(&before), "keys outlive a session");
    assert!(!format!("{export:?}").contains("pronotevs"));
}

#[tokio::test]
async fn a_session_that_somebody_else_went_on_with_is_made_anew() {
    let simulator = newest();
    let client = pupil(&simulator).await;
    let stale = client.export().await;
    client.staff().await.unwrap();
    let client = Client::import(&transport(), &stale, LoginOptions::default());
    client.renew().await;
    // The doubt outlives another sleep.
    let client = Client::import(&transport(), &client.export().await, LoginOptions::default());
    simulator.control().forget_calls();
    client.staff().await.unwrap();
    client.staff().await.unwrap();
    let asked = simulator.control().calls();
    assert_eq!(asked.iter().filter(|call| call.place == "Authentification").count(), 1);
    let wrong = asked.iter().filter(|call| call.refused.is_some()).count();
    assert_eq!(wrong, 0, "no number was out of order");
}

#[tokio::test]
async fn a_session_without_credentials_ends_where_it_ends() {
    let simulator = newest();
    let client = pupil(&simulator).await;
    client.forget_credentials().await;
    client.staff().await.unwrap();
    simulator.control().end_sessions();
    assert!(matches!(client.staff().await, Err(Error::SessionOver)));
}

#[tokio::test]
async fn who_logs_out_stays_out() {
    let simulator = newest();
    let client = pupil(&simulator).await;
    client.log_out().await.unwrap();
    assert!(client.staff().await.unwrap_err().ends_session());
}

#[tokio::test]
async fn a_parent_sees_each_child() {
    let simulator = newest();
    let client = log_in(&simulator, account(Space::Parent, "demonstration")).await.unwrap();
    let children = client.children();
    assert!(children.len() >= 2);
    let mut seen = Vec::new();
    for child in &children {
        let client = client.for_child(child.key).unwrap();
        assert_eq!(client.pupil().name, child.name);
        let mut marks = Vec::new();
        for period in client.periods() {
            marks.extend(client.marks(&period).await.unwrap().marks);
        }
        seen.push(marks.iter().map(|mark| (mark.date, mark.mark)).collect::<Vec<_>>());
    }
    seen.dedup();
    assert_eq!(seen.len(), children.len(), "each has marks of their own");
}

#[tokio::test]
async fn what_is_new_is_heard_of_while_calls_go_on() {
    let poll = |client: &Client| {
        let client = client.clone();
        tokio::spawn(async move { client.next_push().await.unwrap().kinds })
    };
    for version in super::VERSIONS {
        let simulator = super::start(super::options(version, super::PACKINGS[2]));
        let control = simulator.control();
        let client = pupil(&simulator).await;
        let heard = poll(&client);
        client.staff().await.unwrap();
        // The same user writes from elsewhere.
        let second = pupil(&simulator).await;
        let to = second.recipients().await.unwrap();
        second.create_discussion("Nouveau", "Bonjour", &to[..1]).await.unwrap();
        assert_eq!(heard.await.unwrap(), [PushKind::Discussions], "{version}");
        // Another process goes on counting.
        let client = Client::import(&transport(), &client.export().await, LoginOptions::default());
        control.push("notificationsCommunication");
        assert_eq!(poll(&client).await.unwrap(), [PushKind::Communication], "{version}");
        // A poll finds the session over, and hears what the next one is told.
        control.end_sessions();
        let heard = poll(&client);
        client.staff().await.unwrap();
        control.push("cantine");
        assert_eq!(heard.await.unwrap(), [PushKind::Other("cantine".to_owned())], "{version}");
    }
}

#[tokio::test]
async fn a_photo_is_fetched_from_wherever_it_is() {
    let jpeg: &[u8] = &[0xff, 0xd8];
    for (version, without, place) in [
        ("2025.2.5", None, "file"),
        ("2026.2.6", Some("photoBase64"), "file"),
        ("2026.2.6", None, "ParametresUtilisateur"),
    ] {
        let mut options = super::options(version, super::PACKINGS[2]);
        options.without.extend(without.map(str::to_owned));
        let simulator = super::start(options);
        for space in [Space::Pupil, Space::Parent] {
            let client = log_in(&simulator, account(space, "demonstration")).await.unwrap();
            for child in client.children().into_iter().filter(|child| child.has_photo) {
                let client = client.for_child(child.key).unwrap();
                simulator.control().forget_calls();
                assert!(client.photo().await.unwrap().starts_with(jpeg), "{version}");
                assert_eq!(simulator.control().count(place), 1, "{version} {without:?}");
                simulator.control().end_sessions();
                assert!(client.photo().await.unwrap().starts_with(jpeg), "{version}, again");
            }
        }
    }
}

#[tokio::test]
async fn a_photo_and_a_file_are_fetched() {
    let simulator = newest();
    let client = pupil(&simulator).await;
    assert!(client.photo().await.unwrap().starts_with(&[0xff, 0xd8]), "a JPEG");
    let from = client.school().first_monday.unwrap();
    let homework = client.homework(from, NOW.date()).await.unwrap();
    let files = homework.iter().flat_map(|homework| &homework.attachments);
    let file = files.into_iter().find(|file| file.kind.code() == 1).unwrap();
    assert!(!client.download(file).await.unwrap().is_empty());
}

/// Compiled, never run: a server spawns what it asks on any thread.
#[allow(dead_code)]
fn every_call_may_move_between_threads(
    client: &Client,
    homework: &pronote_client::features::Homework,
    news: &pronote_client::features::News,
    discussion: &pronote_client::features::Discussion,
    period: &pronote_client::Period,
    step: &mut pronote_client::login::SecurityStep,
) {
    fn spawnable(_: impl Future + Send) {}
    let day = NOW.date();
    let (transport, address) = (transport(), "a.fr".parse().unwrap());
    let credentials = super::password(account(Space::Pupil, "demonstration"));
    spawnable(Client::log_in(&transport, &address, &credentials, LoginOptions::default()));
    let answers = pronote_client::login::SecurityAnswers::default();
    spawnable(step.answer(&answers));
    spawnable(client.timetable(day, day));
    spawnable(client.set_homework_done(homework, true));
    spawnable(client.marks(period));
    spawnable(client.news_detail(news));
    spawnable(client.set_news_read(news, true));
    spawnable(client.answer_news(news, &[]));
    spawnable(client.conversation(discussion));
    spawnable(client.participants(discussion));
    spawnable(client.reply(discussion, ""));
    spawnable(client.trash_discussion(discussion));
    spawnable(client.create_discussion("", "", &[]));
    spawnable(client.export());
}

//! Writes, seen in what is read after them, in PRONOTE's session or the next.
//!

use super::*;

/// A write is tried within one session, and with its end before each step.
const ENDS: [bool; 2] = [false, true];

impl World {
    fn forget_session(&self, ends: bool) {
        if ends {
            self.simulator.control().end_sessions();
        }
    }

    /// The item of a list that has this value under this key.
    async fn item(&self, route: &str, key: &str, value: &str) -> Option<Value> {
        let list = self.read(route).await.unwrap();
        list.as_array().unwrap().iter().find(|item| item[key] == value).cloned()
    }

    async fn discussion(&self, id: &str) -> Option<Value> {
        self.item("discussions", "id", id).await
    }
}

fn id(item: &Value) -> String {
    item["id"].as_str().unwrap().to_owned()
}

fn contents(discussion: &Value) -> Vec<&str> {
    let messages = discussion["messages"].as_array().unwrap();
    messages.iter().map(|message| message["content"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn homework_is_ticked_and_unticked() {
    for (version, ends) in VERSIONS.into_iter().flat_map(|version| ENDS.map(|ends| (version, ends)))
    {
        let world = World::new(version).await;
        let (from, to) = days();
        let id = id(&world.read("homework").await.unwrap()[3]);
        for done in [true, false] {
            world.forget_session(ends);
            toggle_homework(world.asker(), from, to, &id).await.unwrap();
            world.forget_session(ends);
            let item = world.item("homework", "id", &id).await.unwrap();
            assert_eq!(item["done"], done, "{version} {ends}");
        }
        for unknown in ["", "AAAAAAAAAAAAAAAA"] {
            let failure = toggle_homework(world.asker(), from, to, unknown).await;
            assert!(matches!(failure, Err(Failure::NotFound)));
        }
        let before = toggle_homework(world.asker(), from, from, &id).await;
        assert!(matches!(before, Err(Failure::NotFound)), "not for that day");
    }
}

#[tokio::test]
async fn discussions_are_answered_marked_and_thrown_away() {
    for (version, ends) in VERSIONS.into_iter().flat_map(|version| ENDS.map(|ends| (version, ends)))
    {
        let world = World::new(version).await;
        let find = async |subject| world.item("discussions", "subject", subject).await.unwrap();
        // Not the first of the list: papillon-python found that one only.
        let id = id(&find("Sortie au musée 🖼️").await);
        let (closed, other) =
            (find("Conseil d'administration (clos)").await, find("Absence de mardi").await);

        world.forget_session(ends);
        discussion_reply(world.asker(), &id, "Bien reçu <merci>").await.unwrap();
        let answered = world.discussion(&id).await.unwrap();
        assert_eq!(*contents(&answered).last().unwrap(), "Bien reçu <merci>", "{version} {ends}");

        for unread in [0, 4] {
            world.forget_session(ends);
            discussion_toggle_read(world.asker(), &id).await.unwrap();
            assert_eq!(world.discussion(&id).await.unwrap()["unread"], unread);
        }

        world.forget_session(ends);
        let closed = discussion_reply(world.asker(), closed["id"].as_str().unwrap(), "…").await;
        assert!(matches!(closed, Err(Failure::NotReplyable)));

        world.forget_session(ends);
        discussion_delete(world.asker(), &id).await.unwrap();
        assert_eq!(world.discussion(&id).await, None);
        assert!(world.discussion(other["id"].as_str().unwrap()).await.is_some());
        for gone in [&*id, "", "x", "AAAAAAAAAAAAAAAA"] {
            let failures = [
                discussion_delete(world.asker(), gone).await,
                discussion_toggle_read(world.asker(), gone).await,
                discussion_reply(world.asker(), gone, "…").await,
            ];
            assert!(failures.iter().all(|done| matches!(done, Err(Failure::NotFound))), "{gone}");
        }
    }
}

#[tokio::test]
async fn discussions_are_begun_with_those_who_are_named() {
    for (version, ends) in VERSIONS.into_iter().flat_map(|version| ENDS.map(|ends| (version, ends)))
    {
        let world = World::new(version).await;
        let people = world.read("recipients").await.unwrap();
        let ids = [id(&people[0]), id(&people[2]), id(&people[0])];
        world.forget_session(ends);
        discussion_create(world.asker(), "Une question", "Bonjour", &ids).await.unwrap();
        let begun = world.item("discussions", "subject", "Une question").await.unwrap();
        assert_eq!(contents(&begun), ["Bonjour"]);
        let unknown = [ids[0].clone(), "AAAAAAAAAAAAAAAA".to_owned()];
        let failure = discussion_create(world.asker(), "Non", "…", &unknown).await;
        assert!(matches!(failure, Err(Failure::NotFound)));
        assert!(matches!(
            discussion_create(world.asker(), "Non", "…", &[]).await,
            Err(Failure::Pronote(Error::Invalid(_)))
        ));
        assert_eq!(world.item("discussions", "subject", "Non").await, None);
    }
}

#[tokio::test]
async fn discussions_that_look_alike_keep_ids_of_their_own() {
    let world = World::new("2026.2.6").await;
    let to = [id(&world.read("recipients").await.unwrap()[0])];
    let mut ids = Vec::new();
    for text in ["un", "deux", "trois"] {
        world.simulator.control().advance(Duration::from_secs(60));
        discussion_create(world.asker(), "Absence", text, &to).await.unwrap();
        let newest = world.item("discussions", "subject", "Absence").await.unwrap();
        assert_eq!(contents(&newest), [text]);
        ids.push(id(&newest));
    }
    world.simulator.control().end_sessions();
    // The id of the first was given out when nothing else looked like it.
    discussion_reply(world.asker(), &ids[0], "quatre").await.unwrap();
    assert_eq!(contents(&world.discussion(&ids[0]).await.unwrap()), ["un", "quatre"]);
    world.simulator.control().end_sessions();
    discussion_delete(world.asker(), &ids[1]).await.unwrap();
    assert_eq!(world.discussion(&ids[1]).await, None);
    assert_eq!(contents(&world.discussion(&ids[2]).await.unwrap()), ["trois"]);
    // What was thrown away is not taken for another.
    discussion_delete(world.asker(), &ids[2]).await.unwrap();
    let gone = discussion_delete(world.asker(), &ids[1]).await;
    assert!(matches!(gone, Err(Failure::NotFound)));
    assert!(world.discussion(&ids[0]).await.is_some());
}

#[tokio::test]
async fn of_many_discussions_the_newest_are_read_and_all_are_listed() {
    let world = World::new("2026.2.6").await;
    let people = world.client.recipients().await.unwrap();
    for number in 0..60 {
        let subject = format!("Sujet {number}");
        world.client.create_discussion(&subject, "…", &people[..1]).await.unwrap();
    }
    world.simulator.control().forget_calls();
    let listed = world.read("discussions").await.unwrap();
    let listed = listed.as_array().unwrap();
    assert_eq!(listed.len(), 64);
    assert_eq!(world.simulator.control().count("ListeMessages"), 50);
    let unread = &listed[63];
    assert_eq!((contents(unread).len(), &unread["replyable"]), (0, &false.into()));
    discussion_delete(world.asker(), &id(unread)).await.unwrap();
    assert_eq!(world.read("discussions").await.unwrap().as_array().unwrap().len(), 63);
}

#[tokio::test]
async fn writes_may_change_threads() {
    let world = World::new("2026.2.6").await;
    let asker = world.asker();
    may_change_threads(&toggle_homework(asker, NOW.date(), NOW.date(), ""));
    may_change_threads(&discussion_create(asker, "", "", &[]));
    may_change_threads(&discussion_delete(asker, ""));
    may_change_threads(&discussion_reply(asker, "", ""));
    may_change_threads(&discussion_toggle_read(asker, ""));
    may_change_threads(&calendar(asker, jiff::Timestamp::UNIX_EPOCH));
}

#[tokio::test]
async fn every_route_goes_on_after_pronote_has_ended_the_session() {
    let world = World::new("2026.2.6").await;
    for route in ROUTES {
        let before = world.read(route).await.unwrap();
        world.simulator.control().end_sessions();
        let after = world.read(route).await.unwrap();
        let ids = |answer: &Value| -> Vec<Value> {
            let list = answer.as_array().or(answer["grades"].as_array());
            list.into_iter().flatten().map(|item| item["id"].clone()).collect()
        };
        assert_eq!(ids(&before), ids(&after), "{route}");
    }
    assert_eq!(world.simulator.control().count("Authentification"), 1 + ROUTES.len());
}

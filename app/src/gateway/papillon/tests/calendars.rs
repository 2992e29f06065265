//! The calendar that is made where the school has none.
//!

use jiff::Timestamp;

use super::*;

#[tokio::test]
async fn a_calendar_holds_the_lessons_that_are_to_be_seen() {
    for version in VERSIONS {
        let world = World::new(version).await;
        let url = calendar_url(world.asker()).await.unwrap().unwrap();
        assert!(url.contains("/pronote/ical/mesinformations.ics?icalsecurise="), "{url}");
        world.simulator.control().forget_calls();
        let file = calendar(world.asker(), Timestamp::UNIX_EPOCH).await.unwrap();
        // Nine weeks, two of them holidays.
        assert_eq!(world.simulator.control().count("PageEmploiDuTemps"), 7);
        let (from, to) = (date(2026, 11, 23), date(2027, 1, 24));
        let table = world.client.timetable(from, to).await.unwrap();
        let count = |wanted: &str| file.lines().filter(|line| line.starts_with(wanted)).count();
        assert_eq!(count("BEGIN:VEVENT"), table.visible().count());
        let cancelled = table.visible().filter(|lesson| lesson.is_cancelled).count();
        assert!(cancelled > 0);
        assert_eq!(count("STATUS:CANCELLED"), cancelled);
        // 08:30 in winter.
        assert_eq!(count("DTSTART:20261210T073000Z"), 1);
        let mut uids: Vec<_> = file.lines().filter(|line| line.starts_with("UID:")).collect();
        let events = uids.len();
        uids.sort_unstable();
        uids.dedup();
        assert_eq!(uids.len(), events, "each event has a name of its own");
        assert!(file.split("\r\n").all(|line| line.len() <= 75 && !line.contains('\n')));
        world.simulator.control().end_sessions();
        assert_eq!(calendar(world.asker(), Timestamp::UNIX_EPOCH).await.unwrap(), file);
    }
}

#[tokio::test]
async fn without_a_timetable_the_calendar_is_empty() {
    let world =
        World::of("2026.2.6", Space::Pupil, "demonstration", &["PageEmploiDuTemps.ListeCours"])
            .await;
    let file = calendar(world.asker(), Timestamp::UNIX_EPOCH).await.unwrap();
    assert!(file.contains("END:VCALENDAR") && !file.contains("VEVENT"));
}

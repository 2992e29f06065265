//! A backup of one box, restored on another.

use super::*;

#[tokio::test]
async fn what_one_box_rings_another_rings_after_a_restore() {
    let one = Home::new().await;
    fs::write(one.folder.path().join("musiques/recess.wav"), wav(4800)).unwrap();
    let body = json!({ "type": "GPIO24", "music_file": "recess.wav", "volume": 0.5 });
    assert_eq!(one.send(Method::PUT, "/api/triggers/YARD", &body).await.0, 201);
    let response = one.request(Method::GET, "/api/backup").send().await.unwrap();
    assert_eq!(media_type(&response), "application/gzip");
    let name = response.headers()["content-disposition"].to_str().unwrap().to_owned();
    assert!(name.starts_with("attachment; filename=\"beffroi-20"), "{name}");
    let backup = response.bytes().await.unwrap();
    one.stop().await;

    let other = Home::new().await;
    fs::write(other.folder.path().join("musiques/kept.wav"), wav(10)).unwrap();
    other.store.set_password("right").unwrap();
    let restore = |bytes: bytes::Bytes| other.request(Method::POST, "/api/restore").body(bytes);
    let before = other.get("/api/config").await.1;
    let mut damaged = backup.to_vec();
    let checksum = damaged.len() - 8;
    damaged[checksum] ^= 1;
    for (bytes, said) in [
        (bytes::Bytes::from_static(b"anything else at all"), "no backup"),
        (backup.slice(..backup.len() / 2), "ends too early"),
        (damaged.into(), "checksum"),
    ] {
        let (status, problem) = answer(restore(bytes)).await;
        assert_eq!(status, 422, "{problem}");
        let detail = problem["detail"].as_str().unwrap();
        assert!(detail.contains(said) && detail.contains("nothing was changed"), "{detail}");
        assert_eq!(other.get("/api/config").await.1, before);
    }
    let (status, report) = answer(restore(backup)).await;
    assert_eq!(status, 200, "{report}");
    assert_eq!(report["triggers"], json!(["GPIO23", "OFFICE", "YARD"]));
    assert_eq!(report["sounds"], json!(["recess.wav", "tone.wav"]));
    assert_eq!(report["left_out"], json!([]));
    assert_eq!(other.get("/api/triggers/YARD").await.1["volume"], 0.5);
    let (status, _) = answer(other.request(Method::POST, "/api/play/YARD")).await;
    assert_eq!(status, 202, "it rings at once");
    assert!(other.folder.path().join("musiques/kept.wav").exists());
    other.stop().await;
}

#[tokio::test]
async fn a_restore_waits_for_nobodys_upload() {
    let home = Home::new().await;
    let unfinished = reqwest::Body::wrap_stream(futures_util::stream::pending::<
        Result<bytes::Bytes, std::io::Error>,
    >());
    let under_way = home.request(Method::PUT, "/api/sounds/slow.wav").body(unfinished).send();
    let under_way = tokio::spawn(under_way);
    let sounds = home.folder.path().join("musiques");
    let begun = async {
        while fs::read_dir(&sounds).unwrap().count() < 2 {
            tokio::task::yield_now().await;
        }
    };
    timeout(BOUND, begun).await.unwrap();
    let (status, problem) = answer(home.request(Method::POST, "/api/restore").body("x")).await;
    assert_eq!(status, 503, "{problem}");
    under_way.abort();
    home.stop().await;
}

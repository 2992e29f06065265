//! Vectors of the protocol that no single module is responsible for.
//!
//! Computed with an independent script; those of one module stand in its own tests.

use data_encoding::BASE64;
use serde_json::json;

use super::{
    crypto::{Cipher, login_material, unhex},
    generation::Challenge,
    order,
    packing::{Author, Packing},
};

const SEED: [u8; 16] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15];
const CLE: &str = "150669cd7cc4d7ec9d25641a56c1c4bb9117f69e16069631b07b00fcf56b2a54c46d377ea416eb5f226238429e0abffe";
const FILE: &str = "f1257604ada94bb846009d708f43fe9bdab80f41978af9870503550d5876e0fd";

fn login() -> Cipher {
    let material = login_material("demonstration", "", "pronotevs");
    Cipher::initial().with_seed(&SEED).with_material(&material)
}

#[test]
fn what_is_hidden_in_the_vectors_is_what_they_say() {
    assert_eq!(BASE64.encode(&SEED), "AAECAwQFBgcICQoLDA0ODw==");
    assert_eq!(
        &login_material("", "", "pronotevs")[..],
        b"72AC69CCD3D3283C8BC8FC02AD26EFE484DFA1FEC224285C285200A02FE59788"
    );
    let challenge = "668f95dd8d7290d4623e7fd75dadf15240a101848874ac882bcfeb3656c714f5bed795216d18f54368e55cdd3a052fa0";
    let clear = login().decrypt_text(challenge).unwrap();
    assert_eq!(*clear, "AxbyCzdxEyfz0x1y2z3x4y5z6x7y8z9x");
    assert_eq!(login().encrypt(clear.as_bytes()), challenge);
    let solution = login().solve(Challenge::Opened, challenge).unwrap();
    assert_eq!(*login().decrypt_text(&solution).unwrap(), "AbCdEf0123456789");
    let bytes = "10,2,159,200,33,1,0,255,64,32,16,8,4,2,1,77";
    assert_eq!(*login().decrypt_text(CLE).unwrap(), bytes);
    let key: Vec<u8> = bytes.split(',').map(|byte| byte.parse().unwrap()).collect();
    assert_eq!(login().session(CLE), Ok(login().with_material(&key)));
}

#[test]
fn an_attachment_that_was_padded_twice_is_the_same_and_a_block_more() {
    let session = login().session(CLE).unwrap();
    let once = br#"{"N":"48#abc","Actif":true}"#;
    let twice = [&once[..], &[5; 5]].concat();
    let hex = session.encrypt(&twice);
    assert_eq!(hex, format!("{FILE}ef05dc9353f498ba4399dc862bc7ba70"));
    assert_eq!(session.encrypt(once), FILE);
    assert_eq!(session.decrypt(&hex).unwrap()[..], twice);
}

#[test]
fn upper_and_lower_case_mean_the_same() {
    let session = login().session(&CLE.to_uppercase()).unwrap();
    assert_eq!(login().session(CLE).unwrap(), session);
    for hex in [FILE.to_owned(), FILE.to_uppercase(), format!(" {FILE}\r\n")] {
        assert_eq!(session.decrypt(&hex).unwrap()[..], br#"{"N":"48#abc","Actif":true}"#[..]);
    }
    for hex in ["ef05f706d1ff69cec100f9f0f4abfc6b", "EF05F706D1FF69CEC100F9F0F4ABFC6B"] {
        assert_eq!(order::read(hex, &session), Ok(Some(7)));
    }
    let value = json!({"data": {"L": "École"}});
    for (encrypted, compressed) in [(true, false), (false, true), (true, true)] {
        let packing = Packing { encrypted, compressed };
        for author in [Author::Client, Author::Server] {
            let packed = packing.pack(author, value.clone(), &session);
            let upper = packed.as_str().unwrap().to_uppercase();
            let back = packing.unpack(author, upper.into(), &session);
            assert_eq!(back, Ok(value.clone()), "{packing:?} {author:?}");
        }
    }
    assert_eq!(unhex("aBcD"), Ok(vec![0xab, 0xcd]));
}

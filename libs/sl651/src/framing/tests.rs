use super::*;

const ALIVE: &str = "7E7E01001234567812342F0008020003591011155111036BCA";

fn bytes(digits: &str) -> Vec<u8> {
    hex::decode(digits).unwrap()
}

fn alive() -> Vec<u8> {
    bytes(ALIVE)
}

/// A frame with this content behind number and time.
fn frame(content: &[u8]) -> Vec<u8> {
    let mut frame = bytes("7E7E0100123456781234350000020003591011155111");
    frame[12] = 8 + content.len() as u8;
    frame.extend(content);
    frame.push(0x03);
    let sum = crate::crc::crc(&frame);
    frame.extend(sum.to_be_bytes());
    frame
}

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap()
}

fn words(cuts: &[Cut]) -> Vec<String> {
    let word = |cut: &Cut| match cut {
        Cut::Frame { raw, .. } => format!("{} bytes", raw.len()),
        Cut::Bad { raw, reason } => format!("{} {}", reason.code(), raw.len()),
    };
    cuts.iter().map(word).collect()
}

fn cut_with(settings: &Settings, chunks: &[Vec<u8>]) -> Vec<String> {
    let mut framer = Framer::default();
    let mut cuts = Vec::new();
    for chunk in chunks {
        framer.feed(settings, chunk, at(0), &mut cuts);
    }
    framer.close(settings, &mut cuts);
    assert_eq!(framer.pending(), 0);
    words(&cuts)
}

fn cut(chunks: &[Vec<u8>]) -> Vec<String> {
    cut_with(&Settings::default(), chunks)
}

#[test]
fn frames_that_stick_together_are_parted_and_halves_are_joined() {
    assert_eq!(
        cut(&[[alive(), alive()].concat()]),
        ["25 bytes", "25 bytes"]
    );
    let single: Vec<Vec<u8>> = alive().into_iter().map(|byte| vec![byte]).collect();
    assert_eq!(cut(&single), ["25 bytes"]);
    let (one, two) = (
        alive()[..7].to_vec(),
        [&alive()[7..], &alive()[..3]].concat(),
    );
    assert_eq!(
        cut(&[one, two, alive()[3..].to_vec()]),
        ["25 bytes", "25 bytes"]
    );
}

#[test]
fn what_stands_between_frames_is_told() {
    let stream = [
        b"hello".to_vec(),
        alive(),
        vec![0x7E],
        alive(),
        b"\r\n".to_vec(),
        alive(),
    ]
    .concat();
    assert_eq!(
        cut(&[stream]),
        [
            "sl651.garbage 5",
            "25 bytes",
            "sl651.garbage 1",
            "25 bytes",
            "25 bytes"
        ]
    );
}

#[test]
fn a_start_inside_of_a_body_is_no_start() {
    let inside = frame(&[alive(), vec![0x7E, 0x7E, 0x01]].concat());
    let length = format!("{} bytes", inside.len());
    assert_eq!(
        cut(&[[inside.clone(), alive()].concat()]),
        [length.as_str(), "25 bytes"]
    );
    // Its frame is only found if the outer one is broken.
    let mut broken = inside.clone();
    *broken.last_mut().unwrap() ^= 1;
    let before = "sl651.truncated 22";
    assert_eq!(cut(&[broken]), [before, "25 bytes", "sl651.garbage 6"]);
}

#[test]
fn a_frame_that_breaks_off_ends_where_the_next_begins() {
    let half = frame(b"only a half")[..25].to_vec();
    let stream = [half.clone(), alive()].concat();
    assert_eq!(
        cut(std::slice::from_ref(&stream)),
        ["sl651.truncated 25", "25 bytes"]
    );
    // Nothing has to end the connection for that.
    let mut framer = Framer::default();
    let mut cuts = Vec::new();
    framer.feed(&Settings::default(), &stream, at(0), &mut cuts);
    assert_eq!(words(&cuts), ["sl651.truncated 25", "25 bytes"]);
    let Cut::Bad { reason, .. } = &cuts[0] else {
        panic!("{cuts:?}");
    };
    let text = "the frame was to have 36 bytes, and the next one begins after 25";
    assert_eq!(reason.to_string(), text);
}

#[test]
fn a_frame_with_a_wrong_sum_costs_itself() {
    let mut wrong = frame(b"wrong");
    wrong[20] ^= 4;
    assert_eq!(
        cut(&[[alive(), wrong, alive()].concat()]),
        ["25 bytes", "sl651.crc 30", "25 bytes"]
    );
}

#[test]
fn a_length_that_leads_astray_costs_its_frame() {
    let mut short = frame(b"what is long");
    short[12] -= 6;
    assert_eq!(
        cut(&[[short, alive()].concat()]),
        ["sl651.length 31", "sl651.garbage 6", "25 bytes"]
    );
    let mut long = frame(b"what is short");
    long[11] = 0x0F;
    assert_eq!(
        cut(&[[long.clone(), alive()].concat()]),
        ["sl651.truncated 38", "25 bytes"]
    );
    assert_eq!(cut(&[long]), ["sl651.stale 38"]);
}

#[test]
fn a_frame_with_another_length_is_taken_only_if_that_is_set() {
    let settings = Settings {
        accept: [Tolerance::WrongLength].into(),
        ..Settings::default()
    };
    for difference in [-4_i8, 3] {
        let mut frame = frame(b"with a length");
        frame[12] = frame[12].wrapping_add_signed(difference);
        let behind = frame.len() - 2;
        let sum = crate::crc::crc(&frame[..behind]).to_be_bytes();
        frame[behind..].copy_from_slice(&sum);
        let single: Vec<Vec<u8>> = [frame.clone(), alive()]
            .concat()
            .into_iter()
            .map(|byte| vec![byte])
            .collect();
        assert_eq!(cut_with(&settings, &single), ["38 bytes", "25 bytes"]);
        assert_eq!(
            cut_with(&settings, &[[frame.clone(), alive()].concat()]),
            ["38 bytes", "25 bytes"]
        );
        let strict = cut(&[[frame, alive()].concat()]);
        assert_eq!(
            strict.iter().filter(|word| word.contains("bytes")).count(),
            1,
            "{strict:?}"
        );
    }
}

#[test]
fn what_is_impossible_in_a_header_is_no_start() {
    for digits in [
        "7E7E0100123456781234324008020007261123101500",
        "7E7E0100123456781234320008990007261123101500",
        "7E7E0100123456781234320001020007261123101500",
    ] {
        assert_eq!(cut(&[bytes(digits)]), ["sl651.garbage 22"], "{digits}");
    }
}

#[test]
fn long_garbage_is_told_in_pieces_and_only_its_beginning_kept() {
    let mut framer = Framer::default();
    let mut cuts = Vec::new();
    let garbage = vec![b'x'; 200_000];
    framer.feed(&Settings::default(), &garbage, at(0), &mut cuts);
    framer.close(&Settings::default(), &mut cuts);
    let told = |cut: &Cut| match cut {
        Cut::Bad {
            raw,
            reason: Refusal::Garbage { bytes },
        } => {
            assert_eq!(raw.len(), 1_024);
            *bytes
        }
        other => panic!("{other:?}"),
    };
    assert_eq!(cuts.iter().map(told).sum::<usize>(), 200_000);
    assert_eq!(cuts.len(), 3);
}

#[test]
fn the_rest_of_a_frame_is_waited_for_and_then_no_longer() {
    let settings = Settings::default();
    let mut framer = Framer::default();
    let mut cuts = Vec::new();
    framer.feed(&settings, &alive()[..12], at(0), &mut cuts);
    framer.expire(&settings, at(60), &mut cuts);
    assert_eq!(words(&cuts), [""; 0]);
    framer.feed(&settings, &alive()[12..20], at(60), &mut cuts);
    framer.expire(&settings, at(61), &mut cuts);
    assert_eq!(words(&cuts), ["sl651.stale 20"]);
    framer.feed(&settings, &alive(), at(62), &mut cuts);
    assert_eq!(words(&cuts), ["sl651.stale 20", "25 bytes"]);
}

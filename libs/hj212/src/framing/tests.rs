//! What is cut out of streams that are not as they should be.

use jiff::Timestamp;

use super::*;
use crate::crc::{crc, modbus};

const DATA: &str = "ST=32;CN=2011;PW=123456;MN=A1;CP=&&DataTime=20160824003817;B01-Rtd=36.91&&";
const OTHER: &str = "ST=32;CN=2011;PW=123456;MN=B2;CP=&&DataTime=20160824003817;011-Rtd=231.0&&";

fn frame(data: &str) -> Vec<u8> {
    with_length(data, data.len())
}

fn with_length(data: &str, length: usize) -> Vec<u8> {
    let sum = crc(data.as_bytes());
    format!("##{length:04}{data}{sum:04X}\r\n").into_bytes()
}

fn cut_by(settings: &Settings, slices: &[&[u8]]) -> Vec<Cut> {
    let mut framer = Framer::default();
    let mut cuts = Vec::new();
    for slice in slices {
        framer.feed(settings, slice, Timestamp::UNIX_EPOCH, &mut cuts);
    }
    framer.close(settings, &mut cuts);
    assert_eq!(framer.pending(), 0);
    cuts
}

/// Each cut as the segment of a good frame, or the code of a refusal.
fn cut(slices: &[&[u8]]) -> Vec<String> {
    words(cut_by(&Settings::default(), slices))
}

fn words(cuts: Vec<Cut>) -> Vec<String> {
    let word = |cut| match cut {
        Cut::Frame { checked, .. } => String::from_utf8(checked.segment).unwrap(),
        Cut::Bad { reason, .. } => reason.code().to_owned(),
    };
    cuts.into_iter().map(word).collect()
}

fn tolerant(tolerance: Tolerance) -> Settings {
    Settings {
        accept: [tolerance].into(),
        ..Settings::default()
    }
}

#[test]
fn frames_that_stick_together_are_parted() {
    assert_eq!(cut(&[&[frame(DATA), frame(OTHER)].concat()]), [DATA, OTHER]);
}

#[test]
fn a_frame_that_comes_byte_by_byte_is_one_frame() {
    let stream = [frame(DATA), b"\r\n".to_vec(), frame(OTHER)].concat();
    let bytes: Vec<&[u8]> = stream.chunks(1).collect();
    assert_eq!(cut(&bytes), [DATA, OTHER]);
}

#[test]
fn what_stands_before_a_frame_is_reported_once() {
    let stream = [b"REG:138\r\nhello #".to_vec(), frame(DATA)].concat();
    assert_eq!(cut(&[&stream]), ["hj212.garbage", DATA]);
    let bytes: Vec<&[u8]> = stream.chunks(1).collect();
    assert_eq!(cut(&bytes), ["hj212.garbage", DATA]);
}

#[test]
fn a_wrong_sum_costs_its_frame_and_nothing_else() {
    let mut bad = frame(DATA);
    let at = bad.len() - 3;
    bad[at] ^= 1;
    let stream = [bad, frame(OTHER)].concat();
    assert_eq!(cut(&[&stream]), ["hj212.crc", OTHER]);
    let bytes: Vec<&[u8]> = stream.chunks(1).collect();
    assert_eq!(cut(&bytes), ["hj212.crc", OTHER]);
}

#[test]
fn a_wrong_length_with_a_right_sum_is_taken_and_marked() {
    for length in [0, 3, DATA.len() - 1, DATA.len() + 1, DATA.len() + 40, 9_999] {
        let stream = [with_length(DATA, length), frame(OTHER)].concat();
        assert_eq!(cut(&[&stream]), [DATA, OTHER], "{length}");
        let cuts = cut_by(&Settings::default(), &[&stream]);
        let Cut::Frame { checked, raw } = &cuts[0] else {
            panic!("{cuts:?}");
        };
        let actual = DATA.len();
        let declared = length;
        assert_eq!(checked.oddities, [Oddity::WrongLength { declared, actual }]);
        assert_eq!(*raw, with_length(DATA, length));
        let strict = tolerant(Tolerance::Spaces);
        assert_eq!(
            words(cut_by(&strict, &[&stream])),
            ["hj212.length", OTHER],
            "{length}"
        );
    }
}

#[test]
fn a_wrong_length_is_known_before_the_next_frame_comes() {
    let mut framer = Framer::default();
    let mut cuts = Vec::new();
    let stream = with_length(DATA, 900);
    framer.feed(
        &Settings::default(),
        &stream,
        Timestamp::UNIX_EPOCH,
        &mut cuts,
    );
    assert_eq!(words(cuts), [DATA]);
}

#[test]
fn a_frame_that_is_cut_off_does_not_swallow_the_next() {
    let whole = frame(DATA);
    for kept in 7..whole.len() - 2 {
        let stream = [whole[..kept].to_vec(), frame(OTHER)].concat();
        let found = cut(&[&stream]);
        assert_eq!(found.last().unwrap(), OTHER, "{kept}");
        assert_eq!(found.len(), 2, "{kept}");
        let bytes: Vec<&[u8]> = stream.chunks(1).collect();
        assert_eq!(cut(&bytes).last().unwrap(), OTHER, "{kept}");
    }
}

#[test]
fn a_length_that_is_no_number_names_itself() {
    let stream = format!("##abcd{DATA}{:04X}\r\n", crc(DATA.as_bytes()));
    assert_eq!(cut(&[stream.as_bytes()]), [DATA]);
    let strict = tolerant(Tolerance::Spaces);
    assert_eq!(
        words(cut_by(&strict, &[stream.as_bytes()])),
        ["hj212.length_digits"]
    );
    let bad = format!("##  74{DATA}0000\r\n");
    let stream = [bad.into_bytes(), frame(OTHER)].concat();
    assert_eq!(cut(&[&stream]), ["hj212.length_digits", OTHER]);
}

#[test]
fn a_frame_must_end_with_a_line_end() {
    let bare = frame(DATA);
    let bare = &bare[..bare.len() - 2];
    let line_feed = [bare, b"\n"].concat();
    let followed = [bare.to_vec(), frame(OTHER)].concat();
    assert_eq!(cut(&[bare]), ["hj212.end"]);
    assert_eq!(cut(&[&line_feed]), ["hj212.end"]);
    assert_eq!(cut(&[&followed]), ["hj212.end", OTHER]);
    let lenient = tolerant(Tolerance::WrongEnd);
    assert_eq!(words(cut_by(&lenient, &[bare])), [DATA]);
    assert_eq!(words(cut_by(&lenient, &[&line_feed])), [DATA]);
    assert_eq!(words(cut_by(&lenient, &[&followed])), [DATA, OTHER]);
}

#[test]
fn other_sums_are_taken_if_the_settings_say_so() {
    let sum = modbus(DATA.as_bytes());
    let stream = format!("##{:04}{DATA}{sum:04X}\r\n", DATA.len());
    assert_eq!(cut(&[stream.as_bytes()]), ["hj212.crc"]);
    let lenient = tolerant(Tolerance::ModbusCrc);
    assert_eq!(words(cut_by(&lenient, &[stream.as_bytes()])), [DATA]);
    let any = tolerant(Tolerance::BadCrc);
    let cuts = cut_by(&any, &[stream.as_bytes()]);
    assert!(matches!(&cuts[0], Cut::Frame { checked, .. }
        if matches!(checked.oddities[0], Oddity::BadCrc { .. })));
}

#[test]
fn a_half_frame_is_given_up_after_its_time() {
    let mut framer = Framer::default();
    let settings = Settings::default();
    let mut cuts = Vec::new();
    let start = Timestamp::UNIX_EPOCH;
    framer.feed(&settings, &frame(DATA)[..20], start, &mut cuts);
    let late = |seconds: i64| start + jiff::SignedDuration::from_secs(seconds);
    framer.expire(&settings, late(60), &mut cuts);
    assert_eq!(cuts, []);
    framer.expire(&settings, late(61), &mut cuts);
    assert!(
        matches!(&cuts[..], [Cut::Bad { reason: Refusal::Stale { have: 20, .. }, raw }] if raw.len() == 20)
    );
}

#[test]
fn endless_garbage_is_reported_now_and_then_and_never_kept() {
    let settings = Settings::default();
    let mut framer = Framer::default();
    let mut reported = 0;
    for _ in 0..400 {
        let mut cuts = Vec::new();
        framer.feed(&settings, &[b'x'; 1_000], Timestamp::UNIX_EPOCH, &mut cuts);
        assert!(framer.pending() <= 1_024);
        for cut in cuts {
            let Cut::Bad {
                raw,
                reason: Refusal::Garbage { bytes },
            } = cut
            else {
                panic!()
            };
            assert_eq!(raw.len(), 1_024);
            reported += bytes;
        }
    }
    assert!(reported > 300_000, "{reported}");
}

#[test]
fn starts_without_end_are_bounded_in_bytes_and_work() {
    let settings = Settings::default();
    let limit = settings.limits.segment_bytes_max + 5_000;
    for unit in [
        "##9999",
        "##",
        "##9999AAAA\r\n",
        "##0000",
        "##9999QN=",
        "##QN=",
    ] {
        let mut framer = Framer::default();
        let stream = unit.repeat(120_000 / unit.len());
        let mut cuts = Vec::new();
        framer.feed(
            &settings,
            stream.as_bytes(),
            Timestamp::UNIX_EPOCH,
            &mut cuts,
        );
        assert!(framer.pending() <= limit, "{unit}: {}", framer.pending());
        framer.feed(&settings, &frame(OTHER), Timestamp::UNIX_EPOCH, &mut cuts);
        framer.close(&settings, &mut cuts);
        assert_eq!(words(cuts).last().unwrap(), OTHER, "{unit}");
    }
}

//! Shapefiles as people zip them.

use std::io::{Cursor, Read as _, Write as _};

use yiwang_geofiles::{Note, Reading, System};
use zip::write::SimpleFileOptions;

use crate::reading::{All, all, nowhere};

/// The parts of a fixture, by their endings.
fn parts(archive: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut archive = zip::ZipArchive::new(Cursor::new(archive)).expect("an archive");
    let mut parts = Vec::new();
    for place in 0..archive.len() {
        let mut entry = archive.by_index(place).expect("a file");
        let ending = entry
            .name()
            .expect("a name")
            .rsplit('.')
            .next()
            .expect("an ending")
            .to_owned();
        let mut bytes = Vec::new();
        entry.read_to_end(&mut bytes).expect("its bytes");
        parts.push((ending, bytes));
    }
    parts
}

fn wells() -> Vec<(String, Vec<u8>)> {
    parts(include_bytes!("../fixtures/wells-utf8.zip"))
}

fn areas() -> Vec<(String, Vec<u8>)> {
    parts(include_bytes!("../fixtures/areas-gbk-4549.zip"))
}

pub(crate) fn zipped(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        writer
            .start_file(*name, SimpleFileOptions::default())
            .expect("a file");
        writer.write_all(bytes).expect("its bytes");
    }
    writer.finish().expect("an archive").into_inner()
}

/// Zipped under one name, in folders, whatever is beside.
fn named(stem: &str, parts: &[(String, Vec<u8>)]) -> Vec<u8> {
    let files: Vec<(String, &[u8])> = parts
        .iter()
        .map(|(ending, bytes)| (format!("{stem}.{ending}"), bytes.as_slice()))
        .collect();
    let files: Vec<(&str, &[u8])> = files
        .iter()
        .map(|(name, bytes)| (name.as_str(), *bytes))
        .collect();
    zipped(&files)
}

fn without(ending: &str, parts: Vec<(String, Vec<u8>)>) -> Vec<(String, Vec<u8>)> {
    parts.into_iter().filter(|(own, _)| own != ending).collect()
}

fn plane() -> Reading<'static> {
    Reading::of("EPSG:4549".parse().expect("a system"), &|_, _, _| {
        (120.28, 31.91)
    })
}

fn names(all: &All) -> Vec<&str> {
    let names = all
        .records
        .iter()
        .map(|record| record.attributes["name"].as_str());
    names.map(Option::unwrap_or_default).collect()
}

#[test]
fn in_folders_in_capitals_and_with_things_beside() {
    let mut parts = wells();
    for (ending, _) in &mut parts {
        *ending = ending.to_uppercase();
    }
    let read = all(
        &named("资料/排水/WELLS", &parts),
        &Reading::of(System::Wgs84, &nowhere),
    )
    .expect("a file");
    assert_eq!(read.summary.layer.as_deref(), Some("WELLS"));
    assert_eq!(names(&read), ["一号井", "二号井"]);
    let wells = wells();
    let shp = &wells
        .iter()
        .find(|(ending, _)| ending == "shp")
        .expect("a .shp")
        .1;
    let beside = zipped(&[
        ("__MACOSX/._wells.shp", b"x"),
        ("readme.txt", b"x"),
        ("wells.shp", shp),
    ]);
    let read = all(&beside, &Reading::of(System::Wgs84, &nowhere)).expect("a file");
    assert_eq!(read.records.len(), 2);
    assert_eq!(
        read.notes(),
        [
            Note::Undeclared,
            Note::NoTable,
            Note::HeightsDropped { records: 2 }
        ]
    );
}

#[test]
fn several_layers_are_listed() {
    let wells = wells();
    let shp = &wells
        .iter()
        .find(|(ending, _)| ending == "shp")
        .expect("a .shp")
        .1;
    let two = zipped(&[("a.shp", shp), ("b/c.shp", shp)]);
    let mut reading = Reading::of(System::Wgs84, &nowhere);
    let broken = all(&two, &reading).map(|_| ()).expect_err("two layers");
    assert!(broken.what.contains("a, c"), "{broken}");
    reading.layer = Some("c".to_owned());
    assert_eq!(all(&two, &reading).expect("a file").records.len(), 2);
    reading.layer = Some("d".to_owned());
    assert!(
        all(&two, &reading)
            .map(|_| ())
            .expect_err("no d")
            .what
            .contains("`d`")
    );
}

#[test]
fn without_an_index_it_is_walked() {
    let read = all(&named("areas", &without("shx", areas())), &plane()).expect("a file");
    assert_eq!(read.records.len(), 3);
}

#[test]
fn without_a_word_of_the_encoding_it_is_guessed_and_told() {
    let read = all(&named("areas", &without("cpg", areas())), &plane()).expect("a file");
    assert_eq!(names(&read), ["滨江新村", "虞门桥社区，澄江街道", "鹅鼻嘴"]);
    assert_eq!(
        read.notes(),
        [Note::EncodingGuessed {
            encoding: "gb18030"
        }]
    );
    let read = all(
        &named("wells", &without("cpg", wells())),
        &Reading::of(System::Wgs84, &nowhere),
    )
    .expect("a file");
    assert_eq!(names(&read), ["一号井", "二号井"]);
    assert_eq!(read.notes(), [Note::HeightsDropped { records: 2 }]);
}

#[test]
fn the_language_byte_and_the_parameter_say_the_encoding() {
    let mut parts = without("cpg", areas());
    let dbf = parts
        .iter_mut()
        .find(|(ending, _)| ending == "dbf")
        .expect("a .dbf");
    dbf.1[29] = 0x4d;
    let read = all(&named("areas", &parts), &plane()).expect("a file");
    assert_eq!(names(&read)[0], "滨江新村");
    assert_eq!(read.notes(), []);
    // A .cpg that is wrong, and the parameter that mends it.
    let mut parts = areas();
    let cpg = parts
        .iter_mut()
        .find(|(ending, _)| ending == "cpg")
        .expect("a .cpg");
    cpg.1 = b"UTF-8".to_vec();
    let wrong = named("areas", &parts);
    let read = all(&wrong, &plane()).expect("a file");
    assert_eq!(
        read.notes(),
        [Note::LettersLost {
            records: 3,
            encoding: "UTF-8"
        }]
    );
    let mut reading = plane();
    reading.encoding = Some("GBK".to_owned());
    assert_eq!(
        names(&all(&wrong, &reading).expect("a file"))[0],
        "滨江新村"
    );
    reading.encoding = Some("klingon".to_owned());
    assert!(
        all(&wrong, &reading)
            .map(|_| ())
            .expect_err("no such")
            .what
            .contains("klingon")
    );
}

#[test]
fn a_letter_that_was_cut_off_at_the_end_of_its_cell_is_left_away() {
    let mut parts = areas();
    let dbf = parts
        .iter_mut()
        .find(|(ending, _)| ending == "dbf")
        .expect("a .dbf");
    let header = usize::from(u16::from_le_bytes([dbf.1[8], dbf.1[9]]));
    let width = usize::from(dbf.1[32 + 16]);
    // The first cell, filled with halves: the last letter has no second byte.
    let cell = &mut dbf.1[header + 1..=header + width];
    let pair = "江".chars().flat_map(|_| [0xbd, 0xad]);
    for (byte, wanted) in cell
        .iter_mut()
        .zip(std::iter::once(b'x').chain(pair.cycle()))
    {
        *byte = wanted;
    }
    let odd = width % 2 == 0;
    let read = all(&named("areas", &parts), &plane()).expect("a file");
    assert_eq!(read.notes(), []);
    let letters = names(&read)[0].chars().count();
    assert_eq!(letters, 1 + (width - 1 - usize::from(odd)) / 2);
}

#[test]
fn deleted_rows_are_left_out_and_told() {
    let mut parts = areas();
    let dbf = parts
        .iter_mut()
        .find(|(ending, _)| ending == "dbf")
        .expect("a .dbf");
    let header = usize::from(u16::from_le_bytes([dbf.1[8], dbf.1[9]]));
    dbf.1[header] = b'*';
    let read = all(&named("areas", &parts), &plane()).expect("a file");
    assert_eq!(
        read.records
            .iter()
            .map(|record| record.number)
            .collect::<Vec<_>>(),
        [2, 3]
    );
    assert_eq!(read.notes(), [Note::DeletedSkipped { rows: 1 }]);
}

#[test]
fn parts_that_are_not_of_one_layer_are_refused() {
    let mixed: Vec<(String, Vec<u8>)> = areas()
        .into_iter()
        .filter(|(ending, _)| ending != "dbf")
        .chain(wells().into_iter().filter(|(ending, _)| ending == "dbf"))
        .collect();
    let broken = all(&named("areas", &mixed), &plane())
        .map(|_| ())
        .expect_err("mixed");
    assert!(
        broken.what.contains("3 shapes, the .dbf 2 rows"),
        "{broken}"
    );
}

#[test]
fn definitions_of_other_programs_are_understood() {
    let cases = [
        (
            r#"GEOGCS["GCS_WGS_1984",DATUM["D_WGS_1984",SPHEROID["WGS_1984",6378137.0,298.257223563]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]]"#,
            Ok("wgs84"),
        ),
        (
            r#"GEOGCRS["China Geodetic Coordinate System 2000",DATUM["China 2000",ELLIPSOID["CGCS2000",6378137,298.257222101]],CS[ellipsoidal,2],AXIS["latitude",north],AXIS["longitude",east],ANGLEUNIT["degree",0.0174532925199433],ID["EPSG",4490]]"#,
            Ok("cgcs2000"),
        ),
        (
            r#"PROJCS["CGCS2000_3_Degree_GK_Zone_40",GEOGCS["GCS_China_Geodetic_Coordinate_System_2000",DATUM["D_China_2000",SPHEROID["CGCS2000",6378137.0,298.257222101]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]],PROJECTION["Gauss_Kruger"],PARAMETER["False_Easting",40500000.0],PARAMETER["Central_Meridian",120.0],UNIT["Meter",1.0]]"#,
            Ok("EPSG:4528"),
        ),
        (
            r#"PROJCS["WGS_1984_Web_Mercator_Auxiliary_Sphere",GEOGCS["GCS_WGS_1984",DATUM["D_WGS_1984",SPHEROID["WGS_1984",6378137.0,298.257223563]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]],PROJECTION["Mercator_Auxiliary_Sphere"],PARAMETER["False_Easting",0.0],UNIT["Meter",1.0]]"#,
            Ok("web-mercator"),
        ),
        (
            r#"PROJCS["own",GEOGCS["x",DATUM["D_China_2000",SPHEROID["CGCS2000",6378137.0,298.257222101]]],PROJECTION["Transverse_Mercator"],PARAMETER["false_easting",500000],PARAMETER["central_meridian",120.25],PARAMETER["scale_factor",1],UNIT["metre",1]]"#,
            Ok("Gauss-Krüger of the meridian 120.25, false easting 500000"),
        ),
        (
            r#"PROJCS["WGS_1984_UTM_Zone_51N",GEOGCS["GCS_WGS_1984",DATUM["D_WGS_1984",SPHEROID["WGS_1984",6378137.0,298.257223563]]],PROJECTION["Transverse_Mercator"],PARAMETER["False_Easting",500000.0],PARAMETER["Central_Meridian",123.0],PARAMETER["Scale_Factor",0.9996],UNIT["Meter",1.0]]"#,
            Err("WGS_1984_UTM_Zone_51N"),
        ),
        (
            r#"GEOGCS["GCS_Xian_1980",DATUM["D_Xian_1980",SPHEROID["Xian_1980",6378140.0,298.257]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]]"#,
            Err("GCS_Xian_1980"),
        ),
        ("nonsense", Err("nonsense")),
    ];
    for (definition, wanted) in cases {
        let mut parts = wells();
        let prj = parts
            .iter_mut()
            .find(|(ending, _)| ending == "prj")
            .expect("a .prj");
        prj.1 = definition.as_bytes().to_vec();
        let broken = all(
            &named("wells", &parts),
            &Reading::of(System::Bd09, &|_, _, _| (120.28, 31.91)),
        );
        let told = match (&broken, wanted) {
            (Ok(read), Ok(_)) => read.summary.declared.clone().unwrap_or_default(),
            (Err(broken), _) => broken.what.clone(),
            (Ok(_), Err(_)) => panic!("{definition} is read"),
        };
        let (Ok(name) | Err(name)) = wanted;
        assert!(told.contains(name), "{definition}: {told}");
    }
}

#[test]
fn an_archive_that_unpacks_to_too_much_is_refused() {
    let nothing = vec![0; 4 << 20];
    let bomb = zipped(&[("a.shp", &nothing)]);
    assert!(bomb.len() < 100_000);
    let mut reading = Reading::of(System::Wgs84, &nowhere);
    reading.limits.unpacked_bytes_max = 1 << 20;
    let broken = all(&bomb, &reading).map(|_| ()).expect_err("too much");
    assert!(
        broken.what.contains("unpacks to more than 1048576"),
        "{broken}"
    );
    let empty = zipped(&[("a.txt", b"x")]);
    assert!(
        all(&empty, &reading)
            .map(|_| ())
            .expect_err("no .shp")
            .what
            .contains("no .shp")
    );
}

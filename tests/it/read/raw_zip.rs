//! Zip files whose directory says what it likes.

/// A part as it is written down, true or not.
pub struct Part {
    pub name: String,
    /// The stored bytes.
    pub data: Vec<u8>,
    /// Whether these are deflated.
    pub deflated: bool,
    /// The size that the directory claims.
    pub claimed: u32,
}

impl Part {
    /// A part that says the truth.
    pub fn stored(name: &str, text: impl Into<Vec<u8>>) -> Self {
        let data = text.into();
        Self {
            name: name.into(),
            claimed: u32::try_from(data.len()).unwrap(),
            data,
            deflated: false,
        }
    }
}

/// Writes the parts with their claims.
pub fn write(parts: &[Part]) -> Vec<u8> {
    let (mut file, mut directory) = (Vec::new(), Vec::new());
    for part in parts {
        let at = u32::try_from(file.len()).unwrap();
        let mut common = Vec::new();
        common.extend(20_u16.to_le_bytes());
        common.extend(0_u16.to_le_bytes());
        common.extend((if part.deflated { 8_u16 } else { 0 }).to_le_bytes());
        common.extend([0; 4]);
        common.extend(crc32(if part.deflated { &[] } else { &part.data }).to_le_bytes());
        common.extend(u32::try_from(part.data.len()).unwrap().to_le_bytes());
        common.extend(part.claimed.to_le_bytes());
        common.extend(u16::try_from(part.name.len()).unwrap().to_le_bytes());
        common.extend(0_u16.to_le_bytes());
        file.extend(b"PK\x03\x04");
        file.extend(&common);
        file.extend(part.name.as_bytes());
        file.extend(&part.data);
        directory.extend(b"PK\x01\x02\x14\x00");
        directory.extend(&common);
        directory.extend([0; 10]);
        directory.extend(at.to_le_bytes());
        directory.extend(part.name.as_bytes());
    }
    let at = u32::try_from(file.len()).unwrap();
    let count = u16::try_from(parts.len().min(0xFFFF)).unwrap();
    file.extend(&directory);
    file.extend(b"PK\x05\x06\0\0\0\0");
    file.extend(count.to_le_bytes());
    file.extend(count.to_le_bytes());
    file.extend(u32::try_from(directory.len()).unwrap().to_le_bytes());
    file.extend(at.to_le_bytes());
    file.extend([0, 0]);
    file
}

/// A deflated stream that inflates to `blocks` times 2,064 zero bytes, and one
/// more: in the fixed code a match of 258 bytes at distance 1 takes 13 bits,
/// so eight of them repeat every 13 bytes.
pub fn zeros(blocks: usize) -> Vec<u8> {
    // Bits in the order of the stream: last block, fixed code, the literal 0.
    let mut bits = vec![1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0];
    for _ in 0..8 {
        bits.extend([1, 1, 0, 0, 0, 1, 0, 1, 0, 0, 0, 0, 0]);
    }
    // One round more than asked for is left out again; the lead of 11 bits shifts the rhythm.
    let lead = bits.len() - 104;
    let mut data = Vec::with_capacity(13 * blocks + 4);
    let (mut byte, mut filled) = (0_u8, 0);
    let mut put = |bit: u8, data: &mut Vec<u8>| {
        byte |= bit << filled;
        filled += 1;
        if filled == 8 {
            data.push(byte);
            (byte, filled) = (0, 0);
        }
    };
    for &bit in &bits {
        put(bit, &mut data);
    }
    // From here on whole rounds repeat the same 13 bytes.
    let before = data.len();
    for &bit in &bits[lead..] {
        put(bit, &mut data);
    }
    let round = data[before..].to_vec();
    for _ in 2..blocks {
        data.extend(&round);
    }
    // The end of the block, and the rest of the last byte.
    for _ in 0..15 {
        put(0, &mut data);
    }
    data
}

fn crc32(bytes: &[u8]) -> u32 {
    let table: [u32; 256] = std::array::from_fn(|byte| {
        let byte = u32::try_from(byte).unwrap();
        (0..8).fold(byte, |crc, _| {
            (crc >> 1) ^ (0xEDB8_8320 & 0_u32.wrapping_sub(crc & 1))
        })
    });
    !bytes.iter().fold(!0_u32, |crc, &byte| {
        (crc >> 8) ^ table[usize::from(crc.to_le_bytes()[0] ^ byte)]
    })
}

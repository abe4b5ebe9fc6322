//! QR codes as PNG, for authenticators.

use cairn_faults::{Error, Fault};
use qrcode::{Color, QrCode};

/// Pixels of a side of one module.
const SCALE: usize = 6;
/// Modules of the quiet margin around the code (ISO/IEC 18004).
const MARGIN: usize = 4;
const WHITE: u8 = 0xff;

/// The picture of a text.
///
/// # Errors
/// `totp:qr_generation_failed` for a text that no QR code holds.
pub(crate) fn png(text: &str) -> Result<Vec<u8>, Error> {
    let code = QrCode::new(text).map_err(failed)?;
    let modules = code.width() + 2 * MARGIN;
    let side = modules * SCALE;
    let is_dark = |x: usize, y: usize| {
        let inside = |at: usize| (at / SCALE).checked_sub(MARGIN).filter(|at| *at < code.width());
        matches!((inside(x), inside(y)), (Some(x), Some(y)) if code[(x, y)] == Color::Dark)
    };
    let pixels: Vec<u8> =
        (0..side * side).map(|at| if is_dark(at % side, at / side) { 0 } else { WHITE }).collect();
    let mut bytes = Vec::new();
    let pixels_of_side = u32::try_from(side).map_err(failed)?;
    let mut encoder = png::Encoder::new(&mut bytes, pixels_of_side, pixels_of_side);
    encoder.set_color(png::ColorType::Grayscale);
    encoder.set_depth(png::BitDepth::Eight);
    let mut writer = encoder.write_header().map_err(failed)?;
    writer.write_image_data(&pixels).map_err(failed)?;
    writer.finish().map_err(failed)?;
    Ok(bytes)
}

fn failed(why: impl std::fmt::Display) -> Error {
    Fault::TotpQrFailed.error().detail(why)
}

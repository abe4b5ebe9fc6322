//! Users who come with a password hash that another system made: a route for each kind of hash.

use cairn_core::passwords::{Hashed, SHA_VERSIONS, Scheme};
use cairn_core::users::{self, NewImport};
use cairn_faults::{Error, Fault};
use cairn_http::rules::{IdChoice, Rule, custom_id, email, integer, one_of, password, text};
use cairn_http::{Answer, Call, Reply, Route, handler, params};

use super::{WRITE, user};
use crate::models::USER;
use crate::wire::maybe;

/// Numbers that a hash may be made with, before it is asked what they come to.
const COST_MAX: i64 = 4_294_967_295;
/// The version that no name stands for.
const SHA_DEFAULT: &str = "sha3-512";

const fn import(path: &'static str, name: &'static str, handler: cairn_http::route::Handler) -> Route {
    Route::post(path, name, handler)
        .created(&USER)
        .scopes(WRITE)
        .audited("user.create", "user/{response.$id}", "{response.$id}")
        .faults(&[Fault::UserAlreadyExists])
}

pub(super) const ROUTES: &[Route] = &[
    import("/v1/users/argon2", "users.createArgon2User", handler!(create_argon2_user)),
    import("/v1/users/bcrypt", "users.createBcryptUser", handler!(create_bcrypt_user)),
    import("/v1/users/md5", "users.createMD5User", handler!(create_md5_user)),
    import("/v1/users/phpass", "users.createPHPassUser", handler!(create_phpass_user)),
    import("/v1/users/scrypt", "users.createScryptUser", handler!(create_scrypt_user)),
    import(
        "/v1/users/scrypt-modified",
        "users.createScryptModifiedUser",
        handler!(create_scrypt_modified_user),
    ),
    import("/v1/users/sha", "users.createSHAUser", handler!(create_sha_user)),
];

params! {
    /// What every import has.
    pub(crate) struct ImportUser {
        /// The id, or `unique()`.
        user_id: IdChoice = "userId" => custom_id(),
        /// The e-mail address.
        email: String = "email" => email(),
        /// The hash of the password.
        password: String = "password" => password(),
        /// The name, up to 128 characters.
        name: String = "name" => text(0, 128).or_empty(),
    }
}

async fn create_argon2_user(call: Call<ImportUser>) -> Reply {
    plain(call, Scheme::Argon2).await
}

async fn create_bcrypt_user(call: Call<ImportUser>) -> Reply {
    plain(call, Scheme::Bcrypt).await
}

async fn create_md5_user(call: Call<ImportUser>) -> Reply {
    plain(call, Scheme::Md5).await
}

async fn create_phpass_user(call: Call<ImportUser>) -> Reply {
    plain(call, Scheme::Phpass).await
}

async fn plain(call: Call<ImportUser>, scheme: Scheme) -> Reply {
    let ImportUser { user_id, email, password, name } = call.params;
    let id = user_id.or_make(|| call.cx.new_id());
    let new = NewImport { id, email, password: Hashed { scheme, hash: password }, name };
    Ok(Answer::created("user", user(&users::import(&call.cx, new).await?)))
}

params! {
    pub(crate) struct ImportScryptUser {
        /// The id, or `unique()`.
        user_id: IdChoice = "userId" => custom_id(),
        /// The e-mail address.
        email: String = "email" => email(),
        /// The hash of the password, in hex.
        password: String = "password" => password(),
        /// The salt, up to 128 characters.
        salt: String = "passwordSalt" => text(0, 128),
        /// The cost, a power of two.
        cpu: i64 = "passwordCpu" => integer(1, COST_MAX),
        /// The block size.
        memory: i64 = "passwordMemory" => integer(1, COST_MAX),
        /// Lanes.
        parallel: i64 = "passwordParallel" => integer(1, COST_MAX),
        /// Bytes of the hash.
        length: i64 = "passwordLength" => integer(1, COST_MAX),
        /// The name, up to 128 characters.
        name: String = "name" => text(0, 128).or_empty(),
    }
}

async fn create_scrypt_user(call: Call<ImportScryptUser>) -> Reply {
    let ImportScryptUser { user_id, email, password, salt, cpu, memory, parallel, length, name } =
        call.params;
    let scheme = Scheme::Scrypt {
        salt,
        cpu: number("passwordCpu", cpu)?,
        memory: number("passwordMemory", memory)?,
        parallel: number("passwordParallel", parallel)?,
        length: number("passwordLength", length)?,
    };
    let id = user_id.or_make(|| call.cx.new_id());
    let new = NewImport { id, email, password: Hashed { scheme, hash: password }, name };
    Ok(Answer::created("user", user(&users::import(&call.cx, new).await?)))
}

fn number<T: TryFrom<i64>>(param: &str, value: i64) -> Result<T, Error> {
    T::try_from(value).map_err(|_| Error::invalid_param(param, "is out of range"))
}

params! {
    pub(crate) struct ImportScryptModifiedUser {
        /// The id, or `unique()`.
        user_id: IdChoice = "userId" => custom_id(),
        /// The e-mail address.
        email: String = "email" => email(),
        /// The hash of the password, in base64.
        password: String = "password" => password(),
        /// The salt, in base64, up to 128 characters.
        salt: String = "passwordSalt" => text(1, 128),
        /// What follows the salt, in base64, up to 128 characters.
        separator: String = "passwordSaltSeparator" => text(1, 128),
        /// The signer key, in base64, up to 128 characters.
        signer_key: String = "passwordSignerKey" => text(1, 128),
        /// The name, up to 128 characters.
        name: String = "name" => text(0, 128).or_empty(),
    }
}

async fn create_scrypt_modified_user(call: Call<ImportScryptModifiedUser>) -> Reply {
    let ImportScryptModifiedUser { user_id, email, password, salt, separator, signer_key, name } =
        call.params;
    let scheme = Scheme::ScryptModified { salt, separator, signer_key };
    let id = user_id.or_make(|| call.cx.new_id());
    let new = NewImport { id, email, password: Hashed { scheme, hash: password }, name };
    Ok(Answer::created("user", user(&users::import(&call.cx, new).await?)))
}

params! {
    pub(crate) struct ImportShaUser {
        /// The id, or `unique()`.
        user_id: IdChoice = "userId" => custom_id(),
        /// The e-mail address.
        email: String = "email" => email(),
        /// The hash of the password, in hex.
        password: String = "password" => password(),
        /// The version of SHA; `sha3-512` where none is named.
        version: Option<&'static str> = "passwordVersion" => maybe(one_of(&SHA_VERSIONS)),
        /// The name, up to 128 characters.
        name: String = "name" => text(0, 128).or_empty(),
    }
}

async fn create_sha_user(call: Call<ImportShaUser>) -> Reply {
    let ImportShaUser { user_id, email, password, version, name } = call.params;
    let scheme = Scheme::Sha { version: version.unwrap_or(SHA_DEFAULT).to_owned() };
    let id = user_id.or_make(|| call.cx.new_id());
    let new = NewImport { id, email, password: Hashed { scheme, hash: password }, name };
    Ok(Answer::created("user", user(&users::import(&call.cx, new).await?)))
}

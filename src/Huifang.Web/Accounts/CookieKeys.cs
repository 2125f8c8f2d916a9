using System.Xml.Linq;
using Huifang.Security;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.XmlEncryption;
using Microsoft.Extensions.Options;

namespace Huifang.Accounts;

/// <summary>The keys that sign cookies and forms, at rest under the master key: whoever copies the data folder without it can forge nobody.</summary>
public sealed class CookieKeys(Vault vault) : IXmlEncryptor, IConfigureOptions<KeyManagementOptions>
{
    public void Configure(KeyManagementOptions options) => options.XmlEncryptor = this;

    public EncryptedXmlInfo Encrypt(XElement plaintextElement) =>
        new(new XElement("sealed", Convert.ToBase64String(vault.SealForHouse(plaintextElement.ToString(SaveOptions.DisableFormatting)))), typeof(CookieKeysOpener));
}

/// <summary>Opens what <see cref="CookieKeys"/> sealed; made by the framework from its name.</summary>
public sealed class CookieKeysOpener(IServiceProvider services) : IXmlDecryptor
{
    public XElement Decrypt(XElement encryptedElement) =>
        XElement.Parse(services.GetRequiredService<Vault>().OpenForHouse(Convert.FromBase64String(encryptedElement.Value)) ?? throw new InvalidOperationException("A cookie key does not open with this master key. Delete the folder keys/cookies to make new ones; everybody signs in again."));
}

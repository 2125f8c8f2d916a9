using System.Security.Cryptography;
using System.Text;
using Huifang.Calls;
using Huifang.Storage;

namespace Huifang.Demo;

/// <summary>The made-up customers' telephones: they pick up in the app and tap the number that they hear, signed as a real one would.</summary>
public sealed class DemoPhones(CallVerifier verifier, DeviceDesk devices)
{
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public async Task PickUp(Tx tx, Call call, string agent)
    {
        if (!(await verifier.Arm(tx, call.Id, agent)).Ok) return;
        await verifier.Join(tx, call.Id, call.CustomerId);
        if (await verifier.Ask(tx, call.Id, agent) is not { Ok: true, Call.Verification: { Prompt: { } prompt } verification }) return;
        if ((await devices.Add(tx, call.CustomerId, _key.ExportSubjectPublicKeyInfo())).Device is not { } device) return;
        var words = DeviceKey.Words(new Tap(call.Id, call.CustomerId, agent, verification.Purpose, prompt.Nonce, prompt.Spoken, prompt.Payload));
        await verifier.Tapped(tx, call.Id, call.CustomerId, prompt.Nonce, prompt.Spoken, new TapSignature(device.Id, _key.SignData(Encoding.UTF8.GetBytes(words), HashAlgorithmName.SHA256)));
    }
}

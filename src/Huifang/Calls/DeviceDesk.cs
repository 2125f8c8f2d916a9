using System.Text.Json;
using Huifang.Customers;
using Huifang.Journal;
using Huifang.Storage;

namespace Huifang.Calls;

/// <summary>The device that signed a tap, and its signature.</summary>
public sealed record TapSignature(string DeviceId, byte[] Signature);

/// <param name="CoolingOff">How long a further device of the same customer proves nothing.</param>
public sealed record DeviceSettings(TimeSpan CoolingOff);

/// <summary>Why a device was not added.</summary>
public enum DeviceRefusal { NotAKey, TooMany, Ended }

/// <summary>Devices whose keys stand behind customers' taps.</summary>
public sealed class DeviceDesk(JournalDesk journal, CallParts parts, DeviceSettings settings)
{
    /// <summary>Takes a device's public key from her signed-in app. The same key again is the same device.</summary>
    public async Task<(DeviceKey? Device, DeviceRefusal? Refusal)> Add(Tx tx, string customerId, byte[] publicKey)
    {
        if (DeviceKey.IdOf(customerId, publicKey) is not { } id) return (null, DeviceRefusal.NotAKey);
        // Two devices at once: the second waits and is not the first one.
        await CustomerLock.Take(tx, [customerId]);
        var all = await DeviceKeyTable.OfCustomer(tx, customerId);
        if (all.FirstOrDefault(device => device.Id == id) is { } known) return known.EndedAt is null ? (known, null) : (null, DeviceRefusal.Ended);
        if (all.Count(device => device.EndedAt is null) >= DeviceKey.PerCustomerMax) return (null, DeviceRefusal.TooMany);
        var device = new DeviceKey(id, customerId, publicKey, parts.Time.GetUtcNow(), null, all.Count == 0);
        await DeviceKeyTable.Insert(tx, device);
        await Tell(tx, "device.added", device, "customer");
        return (device, null);
    }

    public Task<List<DeviceKey>> OfCustomer(Tx tx, string customerId) => DeviceKeyTable.OfCustomer(tx, customerId);

    /// <summary>From here on the device proves nothing; false when it was not hers or had ended.</summary>
    public async Task<bool> End(Tx tx, string customerId, string deviceId, string by)
    {
        if (await DeviceKeyTable.Find(tx, deviceId) is not { } device || device.CustomerId != customerId) return false;
        if (!await DeviceKeyTable.End(tx, deviceId, parts.Time.GetUtcNow())) return false;
        await Tell(tx, "device.ended", device, by);
        return true;
    }

    internal async Task<TapProof> Weigh(Tx tx, Tap tap, TapSignature? signature) =>
        signature is null ? TapProof.Unsigned : DeviceKey.Weigh(await DeviceKeyTable.Find(tx, signature.DeviceId), tap, signature.Signature, settings.CoolingOff, parts.Time.GetUtcNow());

    private Task Tell(Tx tx, string kind, DeviceKey device, string by) =>
        journal.Append(tx, new Fact(Fact.Care, parts.Ids.New(), kind, device.CustomerId, parts.Time.GetUtcNow(), by, JsonSerializer.Serialize(new { device = device.Id })));
}

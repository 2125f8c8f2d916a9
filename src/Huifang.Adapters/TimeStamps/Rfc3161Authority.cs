using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Security.Cryptography.Pkcs;
using Huifang.Audit;

namespace Huifang.TimeStamps;

/// <summary>A time-stamp authority over HTTP. Source: RFC 3161 §3.4.</summary>
public sealed class Rfc3161Authority(Uri address) : ITimeStamper, IDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { Timeout = TimeSpan.FromSeconds(15), MaxResponseContentBufferSize = 64 * 1024 };

    public async Task<byte[]> Stamp(byte[] data, CancellationToken stop)
    {
        // The nonce makes an old answer useless; the certificate comes along so that the token can be checked by itself.
        var request = Rfc3161TimestampRequest.CreateFromData(data, HashAlgorithmName.SHA256, nonce: RandomNumberGenerator.GetBytes(16), requestSignerCertificates: true);
        using var body = new ByteArrayContent(request.Encode()) { Headers = { ContentType = new MediaTypeHeaderValue("application/timestamp-query") } };
        try
        {
            using var answer = await _http.PostAsync(address, body, stop);
            answer.EnsureSuccessStatusCode();
            return request.ProcessResponse(await answer.Content.ReadAsByteArrayAsync(stop), out _).AsSignedCms().Encode();
        }
        catch (CryptographicException wrong) { throw new HttpRequestException($"The answer is no time-stamp over what was asked: {wrong.Message}", wrong); }
        catch (TaskCanceledException late) when (!stop.IsCancellationRequested) { throw new HttpRequestException("There was no answer within 15 seconds.", late); }
    }

    public void Dispose() => _http.Dispose();
}

namespace Huifang;

/// <summary>Reads forms. What is no form, or a broken one, is the sender's fault and answered so.</summary>
public static class Forms
{
    /// <exception cref="BadHttpRequestException">415 for another content type, 400 for a form that cannot be read.</exception>
    public static async Task<IFormCollection> Form(this HttpContext http)
    {
        if (!http.Request.HasFormContentType) throw new BadHttpRequestException("This is not a form.", StatusCodes.Status415UnsupportedMediaType);
        try { return await http.Request.ReadFormAsync(http.RequestAborted); }
        // Also when somebody before us has read a part of it and given up. No room for its files is our fault.
        catch (Exception unreadable) when (unreadable is InvalidDataException or IOException && unreadable is not BadHttpRequestException && !Storage.StorageFailure.IsFull(unreadable)) { throw new BadHttpRequestException("The form cannot be read.", StatusCodes.Status400BadRequest, unreadable); }
    }
}

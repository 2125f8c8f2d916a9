using Huifang;

var app = WebApplication.CreateBuilder(args).AddHuifang().Build();
app.MapHuifang();
app.Run();

public partial class Program;
